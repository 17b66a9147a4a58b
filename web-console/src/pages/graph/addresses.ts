import type { Place } from '../../console-api/schema';

export const GRAPH = '/console/graph';

export function typeAddress(name: string, field?: string): string {
  return `${GRAPH}/types/${name}${field === undefined ? '' : `?field=${field}`}`;
}

export function typesOf(subgraph: string): string {
  return `${GRAPH}/types?subgraph=${encodeURIComponent(subgraph)}`;
}

export function sourceAddress({ subgraph, line }: Place): string {
  return `${GRAPH}/schemas/${encodeURIComponent(subgraph)}?line=${line}`;
}
