import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A `tenon dev` of the tests' own: new data, a free port. */
export interface Gateway {
  readonly url: string;
  /** Its folder of databases; `demo-webhook.json` in it says how to sign a webhook. */
  readonly data: string;
  /** Stops it as an operator does, and starts it again on the same port and data. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 30_000;

export function binary(): string {
  const found = process.env['TENON_BIN'];
  if (found === undefined) throw new Error('TENON_BIN names the binary to test, such as target/debug/tenon');
  return found;
}

export async function startGateway(): Promise<Gateway> {
  const data = await mkdtemp(path.join(tmpdir(), 'tenon-console-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running = await start(port, data, url);
  return {
    url,
    data,
    async restart(whileDown) {
      await end(running);
      await whileDown?.();
      running = await start(port, data, url);
    },
    async stop() {
      await end(running);
      await rm(data, { recursive: true, force: true });
    },
  };
}

function start(port: number, data: string, url: string): Promise<ChildProcess> {
  return startProcess(['dev', '--listen', `127.0.0.1:${port}`, '--data', data], `${url}/ready`);
}

/** Starts the binary, and waits until it says at this URL that it is ready. */
export async function startProcess(
  options: readonly string[],
  readyUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  // It refuses settings that it does not know, such as the tests' own.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TENON_'));
  const env = { ...Object.fromEntries(others), ...environment };
  const child = spawn(binary(), options, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let log = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-4000);
  });
  const deadline = Date.now() + READY_MS;
  while (child.exitCode === null && Date.now() < deadline) {
    const ready = await fetch(readyUrl).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`tenon ${options.join(' ')} did not start:\n${log}`);
}

/** Stops it as an operator does. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 8000);
  await ended;
  clearTimeout(impatience);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a TCP address has a port');
  return address.port;
}
