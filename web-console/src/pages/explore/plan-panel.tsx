import { useEffect, useMemo, useState } from 'react';

import { useStore } from '../../app/store';
import { Badge, SubgraphBadge } from '../../design/badge';
import { Button } from '../../design/button';
import { formatBytes, formatDuration } from '../../design/format';
import { Segments } from '../../design/segments';
import { indent, type Plan, type PlanFetch } from './plan';
import { measured, PlanDrawing } from './plan-drawing';
import { latestPlan } from './run';

type View = 'drawing' | 'text';

const VIEWS: readonly { value: View; label: string }[] = [
  { value: 'drawing', label: 'Drawing' },
  { value: 'text', label: 'Text' },
];

export function PlanPanel({ onClose }: { onClose: () => void }) {
  const plan = useStore(latestPlan);
  const [view, setView] = useState<View>('drawing');
  return (
    <section className="plan-panel" aria-label="Plan">
      <header className="plan-head">
        <h2>Plan</h2>
        {plan === null ? null : <Summary plan={plan} />}
        <div className="actions">
          <Segments label="Show the plan as" choices={VIEWS} chosen={view} onChoose={setView} />
          <Button look="quiet" icon="close" aria-label="Hide the plan" onClick={onClose} />
        </div>
      </header>
      {plan === null ? (
        <p className="plan-none muted">Run an operation to see which subgraphs answer it, and how long each takes.</p>
      ) : view === 'text' ? (
        <pre className="plan-text" tabIndex={0}>
          {plan.text ?? JSON.stringify(plan, null, 2)}
        </pre>
      ) : (
        <Drawing plan={plan} />
      )}
    </section>
  );
}

function Summary({ plan: { requests, depth, run } }: { plan: Plan }) {
  return (
    <p className="muted plan-summary">
      {requests} {requests === 1 ? 'request' : 'requests'}, {depth} deep
      {run === undefined
        ? null
        : ` · ${formatDuration(run.executedMs)} + ${formatDuration(run.preparedMs)} ${
            run.preparation === 'cached' ? 'for a cached plan' : 'to plan'
          } · ${formatBytes(run.receivedBytes)} received`}
    </p>
  );
}

function Drawing({ plan }: { plan: Plan }) {
  const [selected, setSelected] = useState<number | null>(null);
  useEffect(() => setSelected(null), [plan.fetches.length]);
  const fetch = plan.fetches.find(({ id }) => id === selected);
  if (plan.fetches.length === 0) {
    return <p className="plan-none muted">The gateway answers this by itself: it asks no subgraph.</p>;
  }
  return (
    <div className="plan-body">
      <div className="plan-canvas">
        <PlanDrawing plan={plan} selected={selected} onSelect={(id) => setSelected(id === selected ? null : id)} />
      </div>
      {fetch === undefined ? null : <FetchDetails fetch={fetch} />}
    </div>
  );
}

function FetchDetails({ fetch }: { fetch: PlanFetch }) {
  const operation = useMemo(() => indent(fetch.operation), [fetch.operation]);
  const entities = fetch.parts.filter(({ representation }) => representation !== undefined);
  return (
    <aside className="plan-details" aria-label={`Fetch ${fetch.id}`} tabIndex={0}>
      <h3>
        #{fetch.id} <SubgraphBadge name={fetch.subgraph} />
      </h3>
      <dl className="facts">
        <dt>Measured</dt>
        <dd>{measured(fetch)}</dd>
        {fetch.run === undefined || fetch.run.startMs === null ? null : (
          <>
            <dt>Began</dt>
            <dd>
              after {formatDuration(fetch.run.startMs)}, sent {formatBytes(fetch.run.sentBytes)}
            </dd>
          </>
        )}
        <dt>Waits for</dt>
        <dd>{fetch.after.length === 0 ? 'nothing' : fetch.after.map((id) => `#${id}`).join(', ')}</dd>
        {fetch.if === undefined ? null : (
          <>
            <dt>Only if</dt>
            <dd className="mono">{fetch.if}</dd>
          </>
        )}
        {entities.map(({ path, representation }) => (
          <Entity key={path} path={path} representation={representation} />
        ))}
        {(fetch.run?.requests.length ?? 0) > 1 ? (
          <>
            <dt>Asked again</dt>
            <dd>
              <Badge tone="warning">{fetch.run?.requests.length} requests</Badge>
            </dd>
          </>
        ) : null}
      </dl>
      <pre className="plan-operation">{operation}</pre>
    </aside>
  );
}

function Entity({ path, representation }: PlanFetch['parts'][number]) {
  const keys = representation?.key.map(({ name }) => name).join(' ') ?? '';
  return (
    <>
      <dt>Entities</dt>
      <dd className="mono">
        {path} by {representation?.typename ?? 'their type'} {`{ ${keys} }`}
      </dd>
    </>
  );
}
