import { Component, type ReactNode } from 'react';

import { Button } from '../design/button';
import { ErrorState } from '../design/states';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly failure: Error | null;
}

/** Keeps the navigation alive when a page fails, or could not be loaded. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(failure: unknown): State {
    return { failure: failure instanceof Error ? failure : new Error(String(failure)) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <ErrorState title="This page has failed" error={failure}>
        <Button onClick={() => window.location.reload()}>Load it again</Button>
      </ErrorState>
    );
  }
}
