import { useCallback, useEffect, useRef, useState } from 'react';

import { useStore } from '../app/store';
import { session } from '../session/session';
import type { Arguments, Document } from './document';
import { executeUnless } from './execute';
import { type AnswerError, Failure } from './failure';

export interface Query<Data> {
  /** The newest data; those before stay while others are on their way. */
  readonly data: Data | undefined;
  /** What is wrong with parts of the data. */
  readonly errors: readonly AnswerError[];
  /** Why there are no data. */
  readonly failure: Error | undefined;
  readonly loading: boolean;
  readonly refetch: () => void;
}

interface State<Data> {
  readonly data: Data | undefined;
  readonly errors: readonly AnswerError[];
  readonly failure: Error | undefined;
  readonly loading: boolean;
}

const DEADLINE_MS = 30_000;

/**
 * Asks when it is shown, and again when the variables or the user change. An answer that comes
 * after a newer question is dropped.
 */
export function useQuery<Data, Variables>(
  document: Document<Data, Variables>,
  ...[variables]: Arguments<Variables>
): Query<Data> {
  const user = useStore(session);
  const [round, setRound] = useState(0);
  const key = JSON.stringify([user?.token, variables]);
  const [state, setState] = useState<State<Data>>({ data: undefined, errors: [], failure: undefined, loading: true });
  const shownFor = useRef<string | undefined>(undefined);

  useEffect(() => {
    const asked = new AbortController();
    const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(DEADLINE_MS)]);
    // Data of somebody else are never shown, not even for a moment.
    const keep = shownFor.current === user?.token;
    setState((before) => ({ ...before, loading: true, data: keep ? before.data : undefined, failure: undefined }));
    executeUnless(signal, document, variables).then(
      ({ data, errors }) => {
        if (asked.signal.aborted) return;
        shownFor.current = user?.token;
        setState({ data, errors, failure: undefined, loading: false });
      },
      (reason: unknown) => {
        if (asked.signal.aborted) return;
        const failure = reason instanceof Error ? reason : new Failure(String(reason));
        setState({ data: undefined, errors: [], failure, loading: false });
      },
    );
    return () => asked.abort();
    // `key` stands for the user and for the variables, which are new objects at every render.
  }, [document, key, round]);

  const refetch = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, refetch };
}
