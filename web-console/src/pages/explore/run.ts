import type { Fetcher, FetcherOpts, FetcherParams, Observable } from '@graphiql/toolkit';
import { getOperationAST } from 'graphql';

import { createStore } from '../../app/store';
import { Failure } from '../../graphql/failure';
import { subscribeOnce, transport } from '../../graphql/transport';
import { credentials } from '../../session/session';
import { type Plan, splitPlan } from './plan';

/** The plan of the newest answer; null if it had none. */
export const latestPlan = createStore<Plan | null>(null);

type Headers = Readonly<Record<string, string>>;
type Answer = Parameters<typeof splitPlan>[0];

/** Longer than the gateway lets an operation run. */
const DEADLINE_MS = 120_000;

const INTROSPECTION = 'IntrospectionQuery';

/** Runs what is in GraphiQL's editors, and keeps the plan aside. */
export const fetcher: Fetcher = (parameters, options) => {
  if (parameters.operationName === INTROSPECTION) return post(parameters, {});
  latestPlan.set(null);
  const headers: Headers = options?.headers ?? {};
  return isSubscription(parameters, options)
    ? subscribe(parameters, headers)
    : post(parameters, { 'tenon-plan': 'json', ...headers }).then(keepPlan);
};

function isSubscription({ operationName }: FetcherParams, options: FetcherOpts | undefined): boolean {
  const document = options?.documentAST;
  return document !== undefined && getOperationAST(document, operationName)?.operation === 'subscription';
}

function keepPlan(answer: Answer): Answer {
  const { plan, rest } = splitPlan(answer);
  latestPlan.set(plan);
  return rest;
}

async function post(parameters: FetcherParams, headers: Headers): Promise<Answer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      ...credentials(),
      'content-type': 'application/json',
      // With this type a refusal is an answer as well, and no failed request in the browser's log.
      accept: 'application/json',
      ...headers,
    },
    body: JSON.stringify(parameters),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  return (await response.json()) as Answer;
}

interface Observer {
  next(value: Answer): void;
  error(reason: unknown): void;
  complete(): void;
}

function subscribe({ query, variables, operationName }: FetcherParams, headers: Headers): Observable<Answer> {
  const operation = {
    query,
    variables: variables as Record<string, unknown> | undefined,
    operationName: operationName ?? undefined,
    extensions: { tenonPlan: 'json' },
  };
  const begin = (observer: Observer) => {
    const sink = {
      next: (answer: Answer) => observer.next(keepPlan(answer)),
      error: (reason: unknown) => observer.error(readable(reason)),
      complete: () => observer.complete(),
    };
    return { unsubscribe: subscribeOnce(operation, transport.get(), sink, headers) };
  };
  // Of the ways to call it, GraphiQL uses this one.
  return { subscribe: begin as Observable<Answer>['subscribe'] };
}

/** What clients of the protocols report, as something that GraphiQL can print. */
function readable(reason: unknown): unknown {
  if (reason instanceof CloseEvent) {
    return new Failure(`the connection was closed: ${reason.reason === '' ? reason.code : reason.reason}`);
  }
  return reason instanceof Error || Array.isArray(reason) ? reason : new Failure('the connection broke');
}
