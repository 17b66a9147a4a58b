import type { Client as SocketClient } from 'graphql-ws';

import { createStore } from '../app/store';
import { credentials, session } from '../session/session';

/** How subscriptions come: over the tab's one WebSocket, or as server-sent events each. */
export type Transport = 'websocket' | 'sse';

export const transport = createStore<Transport>('websocket');

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

export interface Sink<Message> {
  next(message: Message): void;
  error(reason: unknown): void;
  complete(): void;
}

/** What both protocols' clients can do. */
interface Subscriber {
  subscribe(operation: Operation, sink: Sink<unknown>): () => void;
}

let socket: Promise<SocketClient> | null = null;

type Headers = Readonly<Record<string, string>>;

/** Reconnecting is the business of who subscribes, since only they know where to go on. */
async function openSocket(headers: Headers = {}): Promise<SocketClient> {
  const { createClient } = await import('graphql-ws');
  const url = new URL('/graphql', window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return createClient({
    url: url.href,
    connectionParams: () => ({ ...credentials(), ...headers }),
    retryAttempts: 0,
    lazyCloseTimeout: 3000,
    keepAlive: 10_000,
    onNonLazyError: () => {},
  });
}

async function openEvents(headers: Headers): Promise<Subscriber> {
  const { createClient } = await import('graphql-sse');
  return createClient({ url: '/graphql', headers: () => ({ ...credentials(), ...headers }), retryAttempts: 0 });
}

function open(over: Transport, headers: Headers): Promise<Subscriber> {
  if (over === 'sse') return openEvents(headers);
  // A socket has one set of headers: who brings their own gets a socket of their own.
  return Object.keys(headers).length > 0 ? openSocket(headers) : (socket ??= openSocket());
}

// Another user is another connection: a socket stays who it was.
session.subscribe(() => {
  const before = socket;
  socket = null;
  void before?.then((client) => client.dispose());
});

/** Subscribes once, without coming back: see {@link follow} for that. Returns how to stop. */
export function subscribeOnce<Message>(
  operation: Operation,
  over: Transport,
  sink: Sink<Message>,
  headers: Headers = {},
): () => void {
  let stop: (() => void) | null = null;
  let stopped = false;
  open(over, headers).then((client) => {
    if (stopped) return;
    stop = client.subscribe(operation, {
      next: (message) => sink.next(message as Message),
      error: (reason) => sink.error(reason),
      complete: () => sink.complete(),
    });
  }, sink.error);
  return () => {
    stopped = true;
    stop?.();
  };
}
