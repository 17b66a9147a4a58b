import { useEffect, useState } from 'react';

import { useStore } from '../app/store';
import { toast } from '../design/toasts';
import { Failure } from '../graphql/failure';
import { session, signOut } from '../session/session';
import { getFromGateway } from './get';

/** What everybody may know about the gateway. */
export interface About {
  readonly version: string;
  readonly mode: 'dev' | 'serve';
  /** Whether this user may see plans and the gateway's state. */
  readonly permitted: boolean;
}

/** Asked once per user: every part of the page that wants it shares one answer. */
let asked: { token: string | undefined; answer: Promise<About> } | null = null;

const RETRY_MS = 2000;

function ask(token: string | undefined): Promise<About> {
  if (asked === null || asked.token !== token) {
    asked = { token, answer: getFromGateway<About>('') };
  }
  return asked.answer;
}

export function useAbout(): About | undefined {
  const user = useStore(session);
  const token = user?.token;
  const [about, setAbout] = useState<About>();
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () =>
      ask(token).then(
        (answer) => wanted && setAbout(answer),
        (reason: unknown) => {
          asked = null;
          if (!wanted) return;
          if (reason instanceof Failure && reason.needsSignIn && session.get()?.token === token && token !== undefined) {
            // A token of another day, or of another gateway at this address: nothing would work with it.
            signOut();
            toast('The token is not accepted: sign in again', 'bad');
          } else {
            timer = setTimeout(read, RETRY_MS);
          }
        },
      );
    void read();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [token]);
  return about;
}
