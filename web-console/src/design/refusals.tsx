import type { ReactNode } from 'react';

import { useStore } from '../app/store';
import { type AnswerError, Failure, isRefused } from '../graphql/failure';
import { sentence } from '../graphql/problems';
import { session } from '../session/session';
import { SignInPrompt } from '../session/sign-in-prompt';
import { Button } from './button';
import { EmptyState, ErrorState } from './states';

interface Props {
  readonly what: string;
  readonly error: Error;
  /** Asks again. */
  readonly retry: () => void;
}

/** Why there is nothing to show: the user may not see it, or something failed. */
export function FailureState({ what, error, retry }: Props) {
  const user = useStore(session);
  if (error instanceof Failure && isRefused(error.code)) {
    if (user === null) return <SignInPrompt />;
    return (
      <div className="state empty">
        <h2>You may not see {what}</h2>
        <div className="state-text">Your role has no right to them. Somebody who runs the tenant can give it to you.</div>
      </div>
    );
  }
  return (
    <ErrorState title={`Could not load ${what}`} error={error}>
      <Button icon="refresh" onClick={retry}>
        Try again
      </Button>
    </ErrorState>
  );
}

interface AbsentProps {
  /** Such things, and one of them. */
  readonly what: string;
  readonly one: string;
  readonly errors: readonly AnswerError[];
  readonly retry: () => void;
  readonly children: ReactNode;
}

/** In the place of one thing that its answer does not have: that failed, or there is no such thing. */
export function AbsentState({ what, one, errors, retry, children }: AbsentProps) {
  if (errors.length > 0) return <FailureState what={what} error={Failure.of(errors)} retry={retry} />;
  return <EmptyState title={`There is no such ${one}`}>{children}</EmptyState>;
}

/** The name of the field that an error is about, in words. */
function fieldOf({ path }: AnswerError): string {
  const name = path?.findLast((part) => typeof part === 'string') ?? 'something';
  return String(name).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Says which parts of an answer are missing, and why. Nothing when the answer is whole. */
export function PartialNotice({ errors }: { errors: readonly AnswerError[] }) {
  if (errors.length === 0) return null;
  const refused = new Set(errors.filter(({ extensions }) => isRefused(extensions?.code)).map(fieldOf));
  const failed = Map.groupBy(
    errors.filter(({ extensions }) => !isRefused(extensions?.code)),
    ({ message }) => message,
  );
  return (
    <div className="notice" role="status">
      {refused.size === 0 ? null : <div>Your role may not see: {[...refused].join(', ')}.</div>}
      {[...failed].map(([message, missing]) => (
        <div key={message}>
          Missing: {[...new Set(missing.map(fieldOf))].join(', ')}. {sentence(message)}
        </div>
      ))}
    </div>
  );
}
