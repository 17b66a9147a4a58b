import type { ReactNode } from 'react';

import { Failure } from '../graphql/failure';
import { sentence } from '../graphql/problems';
import { SignInPrompt } from '../session/sign-in-prompt';

export function Loading({ what }: { what: string }) {
  return (
    <div className="state" role="status">
      <span className="spinner" aria-hidden="true" />
      Loading {what} …
    </div>
  );
}

/** Nothing is there: why, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state empty">
      <h2>{title}</h2>
      {children === undefined ? null : <div className="state-text">{children}</div>}
    </div>
  );
}

/** Something failed. Who is not signed in is asked to do that instead. */
export function ErrorState({ title, error, children }: { title: string; error: Error; children?: ReactNode }) {
  if (error instanceof Failure && error.needsSignIn) return <SignInPrompt />;
  const code = error instanceof Failure ? error.code : undefined;
  return (
    <div className="state error" role="alert">
      <h2>{title}</h2>
      <div className="state-text">
        {sentence(error.message)}
        {code === undefined ? null : <code className="state-code">{code}</code>}
      </div>
      {children}
    </div>
  );
}
