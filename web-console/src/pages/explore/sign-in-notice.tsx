import { useStore } from '../../app/store';
import { useAbout } from '../../console-api/about';
import { Button } from '../../design/button';
import { toast } from '../../design/toasts';
import { session, signInAs } from '../../session/session';

/** A newcomer's first operation should show data. */
export function SignInNotice() {
  const user = useStore(session);
  const about = useAbout();
  if (user !== null || about?.mode !== 'dev') return null;
  return (
    <div className="notice explore-notice">
      Nobody is signed in, and most fields need a role.
      <Button
        icon="user"
        onClick={() => signInAs('OWNER').catch((failure: Error) => toast(failure.message, 'bad'))}
      >
        Sign in as owner
      </Button>
    </div>
  );
}
