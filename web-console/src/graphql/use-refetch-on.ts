import { useEffect, useRef } from 'react';

import { useStore } from '../app/store';
import { session } from '../session/session';
import type { Document } from './document';
import { follow } from './follow';
import { transport } from './transport';

/** Many changes at once are one question, and a steady stream of them two a second. */
const GATHER_MS = 500;

/** Asks again after the events of a subscription, for as long as the component is shown. */
export function useRefetchOn<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  refetch: () => void,
  wanted = true,
): void {
  const user = useStore(session)?.token;
  const over = useStore(transport);
  const latest = useRef(refetch);
  latest.current = refetch;
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (user === undefined || !wanted) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const ask = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, GATHER_MS);
    };
    const stop = follow({
      document,
      variables: () => variables,
      transport: over,
      completion: 'resumes',
      onEvent: ask,
      onState({ state }) {
        if (state === 'waiting') lost = true;
        if (state !== 'open' || !lost) return;
        // What happened while the connection was away is found by asking.
        lost = false;
        ask();
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
    // `key` stands for the variables, which are a new object at every render.
  }, [document, key, user, over, wanted]);
}
