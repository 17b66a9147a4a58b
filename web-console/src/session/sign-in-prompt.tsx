import { useStore } from '../app/store';
import { useAbout } from '../console-api/about';
import { Button } from '../design/button';
import { toast } from '../design/toasts';
import { session, signInAs } from './session';
import { TokenForm } from './token-form';

/** Stands where data would be that only somebody who is signed in may see. */
export function SignInPrompt() {
  const about = useAbout();
  const current = useStore(session);
  const title = current === null ? 'Sign in to see this' : 'Your token is not accepted any more';
  return (
    <div className="state empty">
      <h2>{title}</h2>
      {about?.mode === 'dev' ? (
        <>
          <div className="state-text">This is the demo: choose a role, here or in the menu. An owner sees everything.</div>
          <Button
            look="primary"
            icon="user"
            onClick={() => signInAs('OWNER').catch((failure: Error) => toast(failure.message, 'bad'))}
          >
            Sign in as owner
          </Button>
        </>
      ) : (
        <TokenForm />
      )}
    </div>
  );
}
