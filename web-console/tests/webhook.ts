import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Gateway } from './gateway';

interface Source {
  readonly url: string;
  readonly secret: string;
}

let lastMessage = 0;

/** Sends the demo's source a message, signed as Meta signs. */
export async function sendMessage(gateway: Gateway, text: string): Promise<void> {
  const source = JSON.parse(await readFile(path.join(gateway.data, 'demo-webhook.json'), 'utf8')) as Source;
  lastMessage += 1;
  const page = '100000000000001';
  const message = { mid: `m_console_${lastMessage}`, text };
  const messaging = [{ sender: { id: '42' }, recipient: { id: page }, timestamp: Date.now(), message }];
  const body = JSON.stringify({ object: 'page', entry: [{ id: page, time: Date.now(), messaging }] });
  const signature = createHmac('sha256', source.secret).update(body).digest('hex');
  const url = new URL(new URL(source.url).pathname, gateway.url);
  const response = await fetch(url, { method: 'POST', headers: { 'x-hub-signature-256': `sha256=${signature}` }, body });
  if (!response.ok) throw new Error(`the webhook was refused with ${response.status}`);
}
