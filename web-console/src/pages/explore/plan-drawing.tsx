import { type KeyboardEvent, useMemo } from 'react';

import { subgraphHue } from '../../design/badge';
import { formatBytes, formatDuration } from '../../design/format';
import type { Plan, PlanFetch } from './plan';
import { layOut, NODE_HEIGHT, NODE_WIDTH, type PlacedFetch } from './plan-layout';

interface Props {
  readonly plan: Plan;
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
}

const MARGIN = 12;

export function PlanDrawing({ plan, selected, onSelect }: Props) {
  const layout = useMemo(() => layOut(plan.fetches), [plan]);
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  return (
    <svg
      className="plan-drawing"
      width={width}
      height={height}
      viewBox={`${-MARGIN} ${-MARGIN} ${width} ${height}`}
      role="group"
      aria-label={`The plan: ${plan.fetches.length} fetches`}
    >
      {layout.edges.map(({ from, to }) => (
        <path key={`${from.fetch.id}-${to.fetch.id}`} className="plan-edge" d={curve(from, to)} />
      ))}
      {layout.fetches.map((placed) => (
        <Node
          key={placed.fetch.id}
          placed={placed}
          wholeMs={plan.run?.executedMs ?? 0}
          selected={placed.fetch.id === selected}
          onSelect={onSelect}
        />
      ))}
    </svg>
  );
}

function curve(from: PlacedFetch, to: PlacedFetch): string {
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}

interface NodeProps {
  readonly placed: PlacedFetch;
  /** How long the whole operation took: what the bar's length is measured by. */
  readonly wholeMs: number;
  readonly selected: boolean;
  readonly onSelect: (id: number) => void;
}

function Node({ placed: { fetch, x, y }, wholeMs, selected, onSelect }: NodeProps) {
  const select = () => onSelect(fetch.id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    select();
  };
  const status = fetch.run?.status ?? 'complete';
  return (
    <g
      className={`plan-node ${status}`}
      style={{ '--hue': subgraphHue(fetch.subgraph) }}
      transform={`translate(${x},${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={selected}
      onClick={select}
      onKeyDown={onKeyDown}
    >
      <rect className="plan-node-frame" width={NODE_WIDTH} height={NODE_HEIGHT} rx="8" />
      <text className="plan-node-title" x="12" y="22">
        {shorten(fetch.subgraph, 18)}
      </text>
      <text className="plan-node-id" x={NODE_WIDTH - 12} y="22">
        #{fetch.id}
      </text>
      <text className="plan-node-detail" x="12" y="40">
        {shorten(measured(fetch), 30)}
      </text>
      <Bar fetch={fetch} wholeMs={wholeMs} />
    </g>
  );
}

const BAR_WIDTH = NODE_WIDTH - 24;

/** When in the whole run it was under way. */
function Bar({ fetch: { run }, wholeMs }: { fetch: PlanFetch; wholeMs: number }) {
  if (run === undefined || run.startMs === null || wholeMs <= 0) return null;
  const start = Math.min(1, run.startMs / wholeMs) * BAR_WIDTH;
  const length = Math.max(2, Math.min(1, run.elapsedMs / wholeMs) * BAR_WIDTH);
  return (
    <g transform="translate(12,49)">
      <rect className="plan-bar-whole" width={BAR_WIDTH} height="4" rx="2" />
      <rect className="plan-bar" x={Math.min(start, BAR_WIDTH - length)} width={length} height="4" rx="2" />
    </g>
  );
}

/** What was measured, in a line. */
export function measured({ run }: PlanFetch): string {
  if (run === undefined) return 'not measured';
  if (run.status === 'skipped') return 'skipped by its condition';
  if (run.status === 'empty') return 'nothing to ask about';
  const entities = run.entities === 0 ? '' : ` · ${run.entities} ${run.entities === 1 ? 'entity' : 'entities'}`;
  const failure = run.status === 'failed' ? 'failed · ' : run.status === 'partial' ? 'errors · ' : '';
  return `${failure}${formatDuration(run.elapsedMs)} · ${formatBytes(run.receivedBytes)}${entities}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
