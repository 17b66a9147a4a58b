import { Link, useParams } from 'wouter';

import type { SubgraphState } from '../../console-api/subgraphs';
import { SubgraphBadge } from '../../design/badge';
import { formatBytes, formatDateTime, formatEnum, formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { EmptyState } from '../../design/states';
import { typesOf } from '../graph/addresses';
import { Figures, milliseconds } from './figures';
import { History } from './history';
import { failuresOf, StateBadge } from './subgraphs';

export function SubgraphView({ subgraphs }: { subgraphs: readonly SubgraphState[] }) {
  const { name = '' } = useParams<{ name: string }>();
  const subgraph = subgraphs.find((each) => each.name === decodeURIComponent(name));
  const back = <Link to="/console/health">All subgraphs</Link>;
  if (subgraph === undefined) return <EmptyState title="There is no such subgraph">{back}</EmptyState>;
  const { latency, lastFailure, schema } = subgraph;
  const asked = subgraph.checkedAt === null ? 'not asked yet' : `asked ${formatDateTime(subgraph.checkedAt)}`;
  return (
    <>
      <Card
        title={
          <>
            <SubgraphBadge name={subgraph.name} /> <StateBadge state={subgraph.state} />
          </>
        }
        actions={back}
      >
        <Figures
          figures={[
            { title: 'Requests', value: formatNumber(subgraph.requests), about: asked },
            { title: 'Failures', value: formatNumber(failuresOf(subgraph)) },
            { title: 'Median', value: milliseconds(latency.p50Ms), about: `90 %: ${milliseconds(latency.p90Ms)}` },
            { title: '99 %', value: milliseconds(latency.p99Ms), about: `slowest: ${milliseconds(latency.maxMs)}` },
            {
              title: 'Subscriptions open',
              value: formatNumber(subgraph.subscriptions.open),
              about: `${formatNumber(subgraph.subscriptions.events)} events`,
            },
            {
              title: 'Received',
              value: formatBytes(subgraph.receivedBytes),
              about: `${formatBytes(subgraph.sentBytes)} sent`,
            },
          ]}
        />
        <dl className="facts">
          <dt>Reached</dt>
          <dd>{subgraph.url ?? 'in the gateway’s own process'}</dd>
          <dt>Instances</dt>
          <dd>{subgraph.instances}</dd>
          <dt>Schema</dt>
          <dd>
            <Link to={typesOf(subgraph.name)}>
              {formatNumber(schema.types)} types, {formatNumber(schema.fields)} fields
            </Link>
            , loaded {formatDateTime(schema.loadedAt)} ({schema.source})
          </dd>
          {lastFailure === null ? null : (
            <>
              <dt>Last failure</dt>
              <dd>
                {formatDateTime(lastFailure.at)}: {lastFailure.message}
              </dd>
            </>
          )}
        </dl>
      </Card>
      <History of="Requests" series={subgraph.series} />
      <div className="cards">
        <Histogram latency={latency} />
        <Failures failures={subgraph.failures} />
      </div>
    </>
  );
}

function Histogram({ latency }: Pick<SubgraphState, 'latency'>) {
  const { buckets } = latency;
  const first = buckets.findIndex(({ count }) => count > 0);
  const shown = first < 0 ? [] : buckets.slice(first, buckets.findLastIndex(({ count }) => count > 0) + 1);
  const most = Math.max(...shown.map(({ count }) => count));
  const last = buckets.at(-2)?.toMs ?? null;
  return (
    <Card title="How long answers took">
      {shown.length === 0 ? <p className="muted">Nothing was asked of it in the last ten minutes.</p> : null}
      <ul className="histogram">
        {shown.map(({ toMs, count }) => (
          <li key={toMs ?? 'more'}>
            <span>{toMs === null ? `over ${milliseconds(last)}` : `to ${milliseconds(toMs)}`}</span>
            <span className="progress" aria-hidden="true">
              <span style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span>{formatNumber(count)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Failures({ failures }: Pick<SubgraphState, 'failures'>) {
  return (
    <Card title="What failed">
      <dl className="facts">
        {Object.entries(failures).map(([kind, count]) => (
          <div key={kind} className="facts-row">
            <dt>{formatEnum(kind)}</dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
