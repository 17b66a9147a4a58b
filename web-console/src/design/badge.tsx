import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'good' | 'warning' | 'bad' | 'info';

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** The colour by which a subgraph is known on every page: equal names, equal colours. */
export function subgraphHue(name: string): number {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0;
  const known = ['identity', 'files', 'integrations', 'apps', 'customers', 'billing'].indexOf(name);
  return known >= 0 ? (known * 60 + 250) % 360 : hash % 360;
}

export function SubgraphBadge({ name }: { name: string }) {
  return (
    <span className="badge subgraph" style={{ '--hue': subgraphHue(name) }}>
      {name}
    </span>
  );
}
