import type { Document } from './document';
import { type AnswerError, Failure } from './failure';
import { subscribeOnce, type Transport } from './transport';

/** Where a followed subscription is. */
export type Following =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number }
  | { readonly state: 'refused'; readonly failure: Failure }
  | { readonly state: 'ended' };

interface Follow<Data, Variables> {
  readonly document: Document<Data, Variables>;
  /** Asked at every connection, so that the next one goes on where the last one ended. */
  readonly variables: () => Variables;
  readonly transport: Transport;
  /** What it means that the server completes: nothing more will come, or it goes on elsewhere. */
  readonly completion: 'ends' | 'resumes';
  readonly onEvent: (data: Data) => void;
  readonly onState: (state: Following) => void;
}

interface Message<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
}

const RETRY_FIRST_MS = 250;
/** Long enough not to hammer a gateway that restarts, short enough to be back before one looks. */
const RETRY_LAST_MS = 10_000;
/** The protocols do not confirm a subscription: one that is not refused by then has begun. */
const SILENCE_IS_OPEN_MS = 300;

/** What passes by itself: the server starts, stops, or is busy. */
const TRANSIENT = new Set([
  'AUTHENTICATION_UNAVAILABLE',
  'BAD_GATEWAY',
  'INTERNAL',
  'OVERLOADED',
  'REQUEST_TIMEOUT',
  'SERVER_STOPPING',
  'UNAVAILABLE',
]);

/** Close codes of `graphql-transport-ws` that another attempt would meet again. */
const REFUSING = new Set([4400, 4401, 4403, 4406, 4409]);

/**
 * Subscribes, and comes back after every interruption until it is stopped, waiting twice as long
 * each time and a little at random. A refusal of the operation is final.
 */
export function follow<Data, Variables>(what: Follow<Data, Variables>): () => void {
  let attempt = 0;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: () => void = () => {};

  let isOpen = false;
  const opened = () => {
    attempt = 0;
    if (isOpen) return;
    isOpen = true;
    what.onState({ state: 'open' });
  };

  const retry = () => {
    clearTimeout(timer);
    if (stopped) return;
    const limit = Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_LAST_MS);
    const wait = limit * (0.5 + Math.random() / 2);
    attempt += 1;
    what.onState({ state: 'waiting', attempt, retryAt: Date.now() + wait });
    timer = setTimeout(connect, wait);
  };

  const refuse = (failure: Failure) => {
    clearTimeout(timer);
    stopped = true;
    what.onState({ state: 'refused', failure });
  };

  const connect = () => {
    isOpen = false;
    what.onState({ state: 'connecting' });
    let settled = false;
    const settle = () => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      return !stopped;
    };
    const fail = (failure: Failure | null) => {
      if (!settle()) return;
      if (failure === null) retry();
      else refuse(failure);
    };
    const operation = { query: what.document, variables: what.variables() as Record<string, unknown> };
    stop = subscribeOnce<Message<Data>>(operation, what.transport, {
      connected() {
        if (!stopped && !settled) timer = setTimeout(opened, SILENCE_IS_OPEN_MS);
      },
      next({ data, errors }) {
        if (stopped || settled) return;
        clearTimeout(timer);
        if (data === undefined || data === null) {
          stop();
          return fail(refusal(errors ?? []));
        }
        opened();
        what.onEvent(data);
      },
      error: (reason) => fail(refusal(reason)),
      complete() {
        if (!settle()) return;
        if (what.completion === 'resumes') return retry();
        stopped = true;
        what.onState({ state: 'ended' });
      },
    });
  };

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop();
  };
}

/** What the server said about the operation itself; null if another attempt may do better. */
function refusal(reason: unknown): Failure | null {
  if (Array.isArray(reason)) {
    const failure = Failure.of(reason as AnswerError[]);
    return failure.code !== undefined && TRANSIENT.has(failure.code) ? null : failure;
  }
  if (reason instanceof CloseEvent && REFUSING.has(reason.code)) {
    const code = reason.code === 4401 || reason.code === 4403 ? 'UNAUTHENTICATED' : undefined;
    return new Failure(reason.reason, code);
  }
  const response = typeof reason === 'object' && reason !== null && 'response' in reason ? reason.response : undefined;
  if (response instanceof Response && response.status >= 400 && response.status < 500 && response.status !== 429) {
    return new Failure(`the server answered ${response.status}`, response.status === 401 ? 'UNAUTHENTICATED' : undefined);
  }
  return null;
}
