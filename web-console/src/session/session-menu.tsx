import { useStore } from '../app/store';
import { useAbout } from '../console-api/about';
import { Button } from '../design/button';
import { formatEnum } from '../design/format';
import { toast } from '../design/toasts';
import { ROLES, session, signInAs, signOut } from './session';
import { TokenForm } from './token-form';

const TOKEN = 'token';

export function SessionMenu() {
  const current = useStore(session);
  const about = useAbout();
  if (about === undefined) return null;
  if (about.mode !== 'dev') {
    return current === null ? <TokenForm /> : <SignedInByToken />;
  }
  const choose = (value: string) => {
    if (value === '') return signOut();
    signInAs(value).catch((failure: Error) => toast(failure.message, 'bad'));
  };
  const value = current === null ? '' : (current.role ?? TOKEN);
  return (
    <div className="session-menu">
      <label htmlFor="session-role">Signed in as</label>
      <select id="session-role" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">Nobody</option>
        {value === TOKEN ? <option value={TOKEN}>A token</option> : null}
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {formatEnum(role)}
          </option>
        ))}
      </select>
    </div>
  );
}

function SignedInByToken() {
  return (
    <div className="session-menu">
      <span>Signed in by a token</span>
      <Button onClick={signOut}>Sign out</Button>
    </div>
  );
}
