import { useCallback, useState } from 'react';

import { toast } from '../design/toasts';
import type { Arguments, Document } from './document';
import { type Answer, execute } from './execute';

/**
 * Sends a mutation when it is told to. What the payload refuses is in its `errors`; if there is no
 * payload at all, a toast says why and the promise is `undefined`.
 */
export function useMutation<Data, Variables>(document: Document<Data, Variables>) {
  const [running, setRunning] = useState(false);
  const send = useCallback(
    async (...variables: Arguments<Variables>): Promise<Answer<Data> | undefined> => {
      setRunning(true);
      try {
        return await execute(document, ...variables);
      } catch (reason) {
        toast(reason instanceof Error ? reason.message : String(reason), 'bad');
        return undefined;
      } finally {
        setRunning(false);
      }
    },
    [document],
  );
  return { send, running };
}
