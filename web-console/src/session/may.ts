import { useStore } from '../app/store';
import { session } from './session';

/** What the signed-in user's token allows, by its `scope` claim. The gateway decides; this only spares questions. */
function scopesOf(token: string): ReadonlySet<string> {
  try {
    const [, claims = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const { scope = '' } = JSON.parse(new TextDecoder().decode(bytes)) as { scope?: string };
    return new Set(scope.split(' '));
  } catch {
    return new Set();
  }
}

/** Whether the user may do what needs these scopes: what one may not do is not offered. */
export function useMay(...needed: readonly string[]): boolean {
  const user = useStore(session);
  if (user === null) return false;
  const scopes = scopesOf(user.token);
  return needed.every((scope) => scopes.has(scope));
}
