/** Milliseconds of the last ten minutes' answers. */
export interface Latency {
  readonly count: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** Each counts the answers above the one before; the last has no end. */
  readonly buckets: readonly { readonly toMs: number | null; readonly count: number }[];
}

/** Equal steps of time, oldest first; the last is still being filled. */
export interface TimeSeries {
  readonly stepSeconds: number;
  readonly from: string;
  readonly requests: readonly number[];
  readonly failures: readonly number[];
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
}

/** Requests that were refused for one reason. */
export interface Refusal {
  readonly code: string;
  readonly count: number;
  readonly lastAt: string;
  readonly examples: readonly { readonly at: string; readonly message: string; readonly requestId: string | null }[];
}

/** `/gateway`: what the gateway has done since it started. */
export interface GatewayBody {
  readonly version: string;
  readonly mode: 'dev' | 'serve';
  readonly startedAt: string;
  readonly now: string;
  readonly uptimeSeconds: number;
  readonly generation: number;
  readonly generationSince: string;
  readonly operations: {
    readonly running: number;
    readonly runningMax: number;
    readonly queries: number;
    readonly mutations: number;
    readonly subscriptions: number;
    readonly withErrors: number;
  };
  readonly latency: Latency;
  readonly subscriptions: { readonly open: number; readonly max: number; readonly events: number };
  readonly sockets: { readonly open: number; readonly max: number };
  readonly documents: {
    readonly hits: number;
    readonly misses: number;
    readonly entries: number;
    readonly weightBytes: number;
    readonly weightBytesMax: number;
  };
  readonly plans: { readonly hits: number; readonly misses: number };
  readonly refusals: readonly Refusal[];
  readonly doors: readonly {
    readonly prefix: string;
    readonly subgraph: string;
    readonly requests: number;
    readonly failures: number;
  }[];
  readonly series: TimeSeries;
}
