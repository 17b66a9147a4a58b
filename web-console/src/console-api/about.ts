import { useEffect, useState } from 'react';

import { useStore } from '../app/store';
import { session } from '../session/session';
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

function ask(token: string | undefined): Promise<About> {
  if (asked === null || asked.token !== token) {
    asked = { token, answer: getFromGateway<About>('') };
  }
  return asked.answer;
}

export function useAbout(): About | undefined {
  const user = useStore(session);
  const [about, setAbout] = useState<About>();
  useEffect(() => {
    let wanted = true;
    ask(user?.token).then(
      (answer) => wanted && setAbout(answer),
      () => {
        asked = null;
      },
    );
    return () => {
      wanted = false;
    };
  }, [user?.token]);
  return about;
}
