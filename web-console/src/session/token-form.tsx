import { type FormEvent, useId, useState } from 'react';

import { Button } from '../design/button';
import { signInWithToken } from './session';

export function TokenForm() {
  const id = useId();
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signInWithToken(token);
  };
  return (
    <form className="token-form" onSubmit={submit}>
      <label htmlFor={id}>Access token</label>
      <input id={id} type="password" autoComplete="off" value={token} onChange={(event) => setToken(event.target.value)} />
      <Button type="submit" disabled={token.trim() === ''}>
        Sign in
      </Button>
    </form>
  );
}
