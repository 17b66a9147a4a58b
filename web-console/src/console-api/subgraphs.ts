import type { Latency, TimeSeries } from './gateway';

/** What the gateway has seen of one subgraph. */
export interface SubgraphState {
  readonly name: string;
  readonly transport: 'embedded' | 'http';
  readonly url: string | null;
  readonly instances: number;
  readonly state: 'up' | 'down' | 'unknown';
  readonly checkedAt: string | null;
  readonly lastAnswerAt: string | null;
  readonly lastFailure: { readonly at: string; readonly kind: string; readonly message: string } | null;
  readonly requests: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly latency: Latency;
  readonly subscriptions: { readonly open: number; readonly events: number };
  readonly schema: {
    readonly loadedAt: string;
    readonly source: string;
    readonly bytes: number;
    readonly types: number;
    readonly fields: number;
  };
  readonly series: TimeSeries;
}

/** `/subgraphs` */
export interface SubgraphsBody {
  readonly subgraphs: readonly SubgraphState[];
}
