import { useEffect, useState } from 'react';

import { useStore } from '../app/store';
import { session } from '../session/session';
import { getFromGateway } from './get';

interface Polled<Body> {
  readonly data: Body | undefined;
  /** Why the newest try brought nothing; the data are then those before. */
  readonly failure: Error | undefined;
}

/** Reads a path again and again while the tab is looked at. */
export function usePolled<Body>(path: `/${string}`, everyMs: number): Polled<Body> {
  const user = useStore(session);
  const [state, setState] = useState<Polled<Body>>({ data: undefined, failure: undefined });
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      if (!document.hidden) {
        try {
          const data = await getFromGateway<Body>(path, stop.signal);
          if (!stop.signal.aborted) setState({ data, failure: undefined });
        } catch (reason) {
          if (stop.signal.aborted) return;
          const failure = reason instanceof Error ? reason : new Error(String(reason));
          setState((before) => ({ ...before, failure }));
        }
      }
      if (!stop.signal.aborted) timer = setTimeout(read, everyMs);
    };
    setState({ data: undefined, failure: undefined });
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs, user?.token]);
  return state;
}
