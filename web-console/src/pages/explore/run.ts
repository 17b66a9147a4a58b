import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';

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
  const operation = meant(parameters);
  const named = operation === undefined ? parameters : { ...parameters, operationName: operation.name?.value ?? null };
  return operation?.operation === 'subscription'
    ? subscribe(named, headers)
    : post(named, { 'tenon-plan': 'json', ...headers }).then(keepPlan);
};

/**
 * GraphiQL learns a moment after typing which operations there are: whoever runs one at once would
 * send the name of one that is gone.
 */
function meant({ query, operationName }: FetcherParams): OperationDefinitionNode | undefined {
  const operations = operationsOf(query);
  const named = operations.find(({ name }) => name?.value === operationName);
  return named ?? (operations.length === 1 ? operations[0] : undefined);
}

function operationsOf(query: string): readonly OperationDefinitionNode[] {
  try {
    const { definitions } = parse(query, { noLocation: true });
    return definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    // What is wrong with it, the gateway says best.
    return [];
  }
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
