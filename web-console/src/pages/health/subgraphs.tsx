import { Link } from 'wouter';

import type { SubgraphState } from '../../console-api/subgraphs';
import { Badge, SubgraphBadge, type Tone } from '../../design/badge';
import { formatDateTime, formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { EmptyState } from '../../design/states';
import { Table } from '../../design/table';
import { milliseconds } from './figures';

const TONES: Readonly<Record<SubgraphState['state'], Tone>> = { up: 'good', down: 'bad', unknown: 'neutral' };

export function StateBadge({ state }: Pick<SubgraphState, 'state'>) {
  return <Badge tone={TONES[state]}>{state}</Badge>;
}

export function failuresOf({ failures }: SubgraphState): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

export function Subgraphs({ subgraphs }: { subgraphs: readonly SubgraphState[] }) {
  return (
    <Card title="Subgraphs">
      <Table
        caption="Subgraphs"
        rows={subgraphs}
        rowKey={({ name }) => name}
        empty={<EmptyState title="There are no subgraphs" />}
        columns={[
          {
            title: 'Subgraph',
            cell: ({ name }) => (
              <Link to={`/console/health/${encodeURIComponent(name)}`}>
                <SubgraphBadge name={name} />
              </Link>
            ),
          },
          { title: 'State', cell: (row) => <StateBadge state={row.state} /> },
          { title: 'Requests', align: 'end', minor: true, cell: ({ requests }) => formatNumber(requests) },
          { title: 'Failures', align: 'end', cell: (row) => formatNumber(failuresOf(row)) },
          { title: 'Median', align: 'end', cell: ({ latency }) => milliseconds(latency.p50Ms) },
          { title: '99 %', align: 'end', minor: true, cell: ({ latency }) => milliseconds(latency.p99Ms) },
          { title: 'Schema loaded', minor: true, cell: ({ schema }) => formatDateTime(schema.loadedAt) },
          {
            title: 'Last failure',
            minor: true,
            cell: ({ lastFailure }) =>
              lastFailure === null ? <span className="muted">none</span> : <Failed failure={lastFailure} />,
          },
        ]}
      />
    </Card>
  );
}

function Failed({ failure }: { failure: NonNullable<SubgraphState['lastFailure']> }) {
  return (
    <span title={failure.message}>
      {formatDateTime(failure.at)}: {failure.kind}
    </span>
  );
}
