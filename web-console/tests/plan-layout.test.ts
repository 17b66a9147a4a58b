import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PlanFetch } from '../src/pages/explore/plan';
import { layOut } from '../src/pages/explore/plan-layout';

const fetch = (id: number, ...after: number[]): PlanFetch => ({ id, subgraph: 's', after, operation: '{a}', parts: [] });

test('a fetch stands right of all that it waits for', () => {
  const { fetches } = layOut([fetch(0), fetch(1), fetch(2, 0), fetch(3, 1, 2)]);
  const x = new Map(fetches.map((placed) => [placed.fetch.id, placed.x]));
  assert.equal(x.get(0), x.get(1));
  assert.ok((x.get(2) ?? 0) > (x.get(0) ?? 0));
  assert.ok((x.get(3) ?? 0) > (x.get(2) ?? 0));
});

test('a line that others imply is not drawn', () => {
  const { edges } = layOut([fetch(0), fetch(1, 0), fetch(2, 0, 1)]);
  assert.deepEqual(
    edges.map(({ from, to }) => [from.fetch.id, to.fetch.id]),
    [
      [0, 1],
      [1, 2],
    ],
  );
});

test('no two fetches overlap', () => {
  const { fetches, height } = layOut([fetch(0), fetch(1), fetch(2), fetch(3, 0), fetch(4, 1), fetch(5, 3, 4)]);
  const places = fetches.map(({ x, y }) => `${x},${y}`);
  assert.equal(new Set(places).size, places.length);
  assert.ok(fetches.every(({ y }) => y >= 0 && y < height));
});
