import { createStore } from '../app/store';

/** Who asks. The token is kept for this tab only and goes with it. */
export interface Session {
  readonly token: string;
  /** The demo's role, or null for a token that was pasted. */
  readonly role: string | null;
  /** In milliseconds since 1970; null if unknown. */
  readonly expiresAt: number | null;
}

const KEY = 'tenon.session';

function read(): Session | null {
  const stored = sessionStorage.getItem(KEY);
  if (stored === null) return null;
  const found = JSON.parse(stored) as Session;
  return isOver(found) ? null : found;
}

function isOver({ expiresAt }: Session): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

export const session = createStore<Session | null>(read());

session.subscribe(() => {
  const current = session.get();
  if (current === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(current));
});

/** The headers that say who asks; a token that is over is not sent any more. */
export function credentials(): Record<string, string> {
  const current = session.get();
  if (current === null) return {};
  if (isOver(current)) {
    signOut();
    return {};
  }
  return { authorization: `Bearer ${current.token}` };
}

export function signOut(): void {
  session.set(null);
}

export function signInWithToken(token: string): void {
  session.set({ token: token.trim(), role: null, expiresAt: null });
}

export const ROLES = ['OWNER', 'ADMIN', 'DEVELOPER', 'ANALYST', 'SUPPORT', 'BILLING', 'MEMBER'] as const;

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
}

/** The demo's sign-in: a token of the demo's tenant for a role. */
export async function signInAs(role: string): Promise<void> {
  const response = await fetch('/auth/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
  });
  if (!response.ok) throw new Error('There is no sign-in by role here');
  const answer = (await response.json()) as TokenAnswer;
  session.set({ token: answer.access_token, role, expiresAt: Date.now() + answer.expires_in * 1000 });
}
