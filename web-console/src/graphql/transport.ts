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
  /** The server has taken the connection, and what is asked for is on its way. */
  connected?(): void;
  next(message: Message): void;
  error(reason: unknown): void;
  complete(): void;
}

/** What both protocols' clients can do. */
interface Subscriber {
  subscribe(operation: Operation, sink: Sink<unknown>): () => void;
}

type Headers = Readonly<Record<string, string>>;

let socket: Promise<SocketClient> | null = null;
let isConnected = false;
/** Who wants to know when the socket is connected. */
const waiting = new Set<() => void>();

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

/** The one socket of the tab, as the user who is signed in. */
function openShared(): Promise<SocketClient> {
  const opened = openSocket();
  void opened.then((client) => {
    client.on('connected', () => {
      if (socket !== opened) return;
      isConnected = true;
      for (const tell of waiting) tell();
      waiting.clear();
    });
    client.on('closed', () => {
      if (socket !== opened) return;
      isConnected = false;
      waiting.clear();
    });
  });
  return opened;
}

async function shared(): Promise<Subscriber> {
  const client = await (socket ??= openShared());
  return {
    subscribe(operation, sink) {
      const stop = client.subscribe(operation, sink);
      const tell = () => sink.connected?.();
      if (isConnected) tell();
      else waiting.add(tell);
      return () => {
        waiting.delete(tell);
        stop();
      };
    },
  };
}

async function openEvents(headers: Headers): Promise<Subscriber> {
  const { createClient } = await import('graphql-sse');
  return {
    subscribe(operation, sink) {
      const client = createClient({
        url: '/graphql',
        headers: () => ({ ...credentials(), ...headers }),
        retryAttempts: 0,
        fetchFn: async (...request: Parameters<typeof fetch>) => {
          const response = await fetch(...request);
          if (response.ok) sink.connected?.();
          return response;
        },
      });
      return client.subscribe(operation, sink);
    },
  };
}

function open(over: Transport, headers: Headers): Promise<Subscriber> {
  if (over === 'sse') return openEvents(headers);
  // A socket has one set of headers: who brings their own gets a socket of their own.
  return Object.keys(headers).length > 0 ? openSocket(headers) : shared();
}

// Another user is another connection: a socket stays who it was.
session.subscribe(() => {
  const before = socket;
  socket = null;
  isConnected = false;
  waiting.clear();
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
      connected: () => sink.connected?.(),
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
