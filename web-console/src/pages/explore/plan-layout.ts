import type { PlanFetch } from './plan';

export const NODE_WIDTH = 196;
export const NODE_HEIGHT = 60;
const GAP_X = 56;
const GAP_Y = 12;

export interface PlacedFetch {
  readonly fetch: PlanFetch;
  readonly x: number;
  readonly y: number;
}

export interface PlanLayout {
  readonly width: number;
  readonly height: number;
  readonly fetches: readonly PlacedFetch[];
  /** From the end of a fetch to the begin of one that waits for it. */
  readonly edges: readonly { readonly from: PlacedFetch; readonly to: PlacedFetch }[];
}

/**
 * Fetches stand in columns: one after everything that it waits for. Within a column they stand by
 * the middle of those, which keeps most lines from crossing.
 */
export function layOut(fetches: readonly PlanFetch[]): PlanLayout {
  const columnOf = new Map<number, number>();
  const columns: PlanFetch[][] = [];
  // A plan names a fetch after all that it waits for.
  for (const fetch of fetches) {
    const column = fetch.after.reduce((last, id) => Math.max(last, (columnOf.get(id) ?? 0) + 1), 0);
    columnOf.set(fetch.id, column);
    (columns[column] ??= []).push(fetch);
  }
  const tallest = Math.max(1, ...columns.map(({ length }) => length));
  const height = tallest * (NODE_HEIGHT + GAP_Y) - GAP_Y;
  const placed = new Map<number, PlacedFetch>();
  columns.forEach((column, index) => {
    const middle = ({ after }: PlanFetch) =>
      after.reduce((sum, id) => sum + (placed.get(id)?.y ?? 0), 0) / Math.max(1, after.length);
    const sorted = index === 0 ? column : [...column].sort((a, b) => middle(a) - middle(b) || a.id - b.id);
    const taken = sorted.length * (NODE_HEIGHT + GAP_Y) - GAP_Y;
    sorted.forEach((fetch, row) => {
      placed.set(fetch.id, {
        fetch,
        x: index * (NODE_WIDTH + GAP_X),
        y: (height - taken) / 2 + row * (NODE_HEIGHT + GAP_Y),
      });
    });
  });
  const nodes = [...placed.values()];
  const edges = nodes.flatMap((to) =>
    direct(to.fetch, fetches).flatMap((id) => {
      const from = placed.get(id);
      return from === undefined ? [] : [{ from, to }];
    }),
  );
  return { width: Math.max(1, columns.length) * (NODE_WIDTH + GAP_X) - GAP_X, height, fetches: nodes, edges };
}

/** Without those that others of them wait for anyway: their lines would say nothing more. */
function direct({ after }: PlanFetch, fetches: readonly PlanFetch[]): readonly number[] {
  const reach = (id: number, seen: Set<number>) => {
    for (const earlier of fetches.find((fetch) => fetch.id === id)?.after ?? []) {
      if (seen.has(earlier)) continue;
      seen.add(earlier);
      reach(earlier, seen);
    }
    return seen;
  };
  const implied = new Set(after.flatMap((id) => [...reach(id, new Set())]));
  return after.filter((id) => !implied.has(id));
}
