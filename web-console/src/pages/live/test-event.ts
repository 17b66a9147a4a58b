import { execute } from '../../graphql/execute';
import { session } from '../../session/session';
import { LiveCreateSourceDocument, LiveSourceAppsDocument } from './operations.generated';

/** A webhook source of the console's own: it knows the secret, so it can sign as a sender does. */
interface TestSource {
  readonly url: string;
  readonly secret: string;
}

/** In the session only, like the token that may create another one. */
const KEY = 'tenon.test-source';

async function testSource(): Promise<TestSource> {
  const stored = sessionStorage.getItem(KEY);
  if (stored !== null) return JSON.parse(stored) as TestSource;
  const { data: apps } = await execute(LiveSourceAppsDocument);
  const nodes = apps.apps.edges.map(({ node }) => node);
  const app = nodes.find(({ status }) => status === 'ACTIVE') ?? nodes[0];
  if (app === undefined) throw new Error('There is no app that could receive an event: make one first');
  const secret = hexadecimal(crypto.getRandomValues(new Uint8Array(32)));
  const { data } = await execute(LiveCreateSourceDocument, { input: { appId: app.id, kind: 'HMAC_GENERIC', secret } });
  const { source, errors } = data.createWebhookSource;
  if (source === null) throw new Error(errors.map(({ message }) => message).join(' '));
  const made = { url: source.url, secret };
  sessionStorage.setItem(KEY, JSON.stringify(made));
  return made;
}

// Another user may belong to another tenant.
session.subscribe(() => sessionStorage.removeItem(KEY));

let sent = 0;

/** Sends a signed webhook to the gateway's door, as a platform does. */
export async function sendTestEvent(): Promise<void> {
  if (!window.isSecureContext) throw new Error('Browsers sign only on secure pages: open the console over HTTPS');
  const { url, secret } = await testSource();
  sent += 1;
  const text = `Test event ${sent} from the console`;
  const body = JSON.stringify({ type: 'console.test', id: crypto.randomUUID(), timestamp: new Date().toISOString(), text });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature-256': `sha256=${await sign(secret, body)}` },
    body,
  });
  if (response.ok) return;
  sessionStorage.removeItem(KEY);
  throw new Error(`The webhook was refused with ${response.status}`);
}

async function sign(secret: string, body: string): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign']);
  return hexadecimal(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(body))));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
