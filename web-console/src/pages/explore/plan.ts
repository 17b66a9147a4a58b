import { parse, print } from 'graphql';

/** What happened to a fetch: `empty` had nothing to ask about, `skipped` was not wanted. */
export type FetchStatus = 'complete' | 'partial' | 'failed' | 'skipped' | 'empty';

/** One request of a fetch, as it was measured. */
export interface FetchRun {
  readonly status: FetchStatus;
  readonly startMs: number | null;
  readonly elapsedMs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly entities: number;
}

export interface Part {
  readonly path: string;
  readonly representation?: { readonly typename: string | null; readonly key: readonly { readonly name: string }[] };
}

export interface PlanFetch {
  readonly id: number;
  readonly subgraph: string;
  /** The ids of the fetches whose answers it needs. */
  readonly after: readonly number[];
  /** Under which variables it happens at all. */
  readonly if?: string;
  readonly operation: string;
  readonly parts: readonly Part[];
  readonly run?: FetchRun & { readonly requests: readonly FetchRun[] };
}

/** A fetch's operation on as many lines as people need. */
export function indent(operation: string): string {
  try {
    return print(parse(operation, { noLocation: true }));
  } catch {
    return operation;
  }
}

/** How an operation was answered: `extensions.queryPlan` of its answer. */
export interface Plan {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly requests: number;
  readonly depth: number;
  readonly introspection: boolean;
  readonly text?: string;
  readonly run?: {
    readonly preparation: 'cached' | 'planned';
    readonly preparedMs: number;
    readonly executedMs: number;
    readonly requests: number;
    readonly sentBytes: number;
    readonly receivedBytes: number;
  };
  readonly fetches: readonly PlanFetch[];
}

interface Answer {
  readonly extensions?: { readonly queryPlan?: Plan; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Takes the plan out of an answer, so that it is not shown twice. */
export function splitPlan(answer: Answer): { plan: Plan | null; rest: Answer } {
  const { extensions, ...rest } = answer;
  if (extensions?.queryPlan === undefined) return { plan: null, rest: answer };
  const { queryPlan, ...others } = extensions;
  return { plan: queryPlan, rest: Object.keys(others).length === 0 ? rest : { ...rest, extensions: others } };
}
