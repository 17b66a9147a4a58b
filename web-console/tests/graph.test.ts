import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { Page } from 'playwright-core';

import { startWorld, type World } from './console';
import { assertFits } from './fits';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

test('the schemas travel compressed, and only once', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/nowhere');
  const answer = page.waitForResponse('**/console/api/schema');
  await page.goto('/console/graph');
  assert.equal((await answer).headers()['content-encoding'], 'gzip');
  const again = await page.evaluate(async () => {
    const first = await fetch('/console/api/schema', { cache: 'no-store' });
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch('/console/api/schema', { cache: 'no-store', headers: { 'if-none-match': etag } });
    return second.status;
  });
  assert.equal(again, 304);
  assertNoTrouble();
  await close();
});

test('the map shows subgraphs and the entities that join them', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/graph');
  const map = page.getByRole('region', { name: 'Map' });
  await map.waitFor();
  assert.deepEqual(
    (await map.locator('.map-subgraph strong').allTextContents()).sort(),
    ['apps', 'billing', 'customers', 'files', 'identity', 'integrations'],
  );
  await map.getByRole('link', { name: 'Customer', exact: true }).waitFor();
  await assertAccessible();
  await screenshot('graph');
  await map.getByRole('link', { name: 'User', exact: true }).click();
  await page.waitForURL('**/console/graph/types/User');
  assertNoTrouble();
  await close();
});

test('a type says who resolves which field, by which keys', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/graph/types/Customer');
  const keys = page.getByRole('table', { name: 'Keys of Customer' });
  await keys.waitFor();
  assert.deepEqual(await keys.getByRole('row').nth(1).getByRole('cell').allTextContents(), ['billing', 'id', 'yes']);
  const fields = page.getByRole('table', { name: 'Fields of Customer' });
  const invoices = fields.getByRole('row').filter({ hasText: 'invoices(' });
  assert.equal(await invoices.getByRole('cell').nth(1).textContent(), 'billing');
  const name = fields.getByRole('row').filter({ hasText: 'displayName' });
  assert.equal(await name.getByRole('cell').nth(1).textContent(), 'customers');
  await assertAccessible();
  await screenshot('graph-type');
  await fields.getByRole('link', { name: 'InvoiceConnection' }).click();
  await page.waitForURL('**/types/InvoiceConnection');
  assertNoTrouble();
  await close();
});

test('types and fields are found by parts of their names', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/graph/types');
  await page.getByLabel('Type or field').fill('customer');
  const first = page.getByRole('row').nth(1);
  await first.getByRole('link', { name: 'Customer', exact: true }).waitFor();
  await assertAccessible();
  await screenshot('graph-types');
  await page.getByLabel('Type or field').fill('Customer.inv');
  await first.getByRole('link', { name: 'invoices' }).click();
  await page.waitForURL('**/types/Customer?field=invoices');
  await page.goBack();
  await page.getByLabel('Type or field').fill('no such thing');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByLabel('Type or field').fill('');
  await page.getByLabel('Subgraph').selectOption('identity');
  await page.getByLabel('Kind').selectOption('entity');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length < 10);
  assert.match(page.url(), /subgraph=identity/);
  assertNoTrouble();
  await close();
});

test('a change since the previous schema is named with what it breaks', async () => {
  await world.gateway.restart(async () => {
    const file = path.join(world.gateway.data, 'gateway', 'graphs.json');
    const stored = await readFile(file, 'utf8');
    // As if the subgraph had lost a field and gained another.
    await writeFile(file, stored.replaceAll('displayName: String', 'fullName: String'));
  });
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/graph');
  await page.getByRole('link', { name: /Changes \([1-9]/ }).click();
  const lost = page.getByRole('listitem').filter({ hasText: 'Customer.fullName' });
  await lost.getByText('breaking').waitFor();
  const gained = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Customer.displayName' }) });
  await gained.getByText('safe').waitFor();
  await assertAccessible();
  await screenshot('graph-changes');
  assertNoTrouble();
  await close();
});

test('hints lead to their place in the subgraph’s schema', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/explore');
  await page.route('**/console/api/schema', async (route) => {
    const answer = await route.fetch();
    const hint = {
      code: 'INCONSISTENT_DESCRIPTION',
      level: 'warn',
      message: 'Element "Customer" has inconsistent descriptions across subgraphs.',
      places: [{ subgraph: 'billing', line: 40, column: 1 }],
    };
    await route.fulfill({ response: answer, json: { ...(await answer.json()), hints: [hint] } });
  });
  await page.goto('/console/graph/hints');
  await page.getByText('INCONSISTENT_DESCRIPTION').waitFor();
  await assertAccessible();
  await screenshot('graph-hints');
  await page.getByRole('link', { name: 'billing line 40' }).click();
  const wanted = page.locator('.source-wanted');
  await wanted.waitFor();
  assert.ok(await wanted.evaluate((line) => line.getBoundingClientRect().top < innerHeight));
  await screenshot('graph-schemas');
  assertNoTrouble();
  await close();
});

test('a graph of two thousand types is searched while typing', async () => {
  const visitor = await world.open('/console/explore');
  const { page, assertNoTrouble, screenshot, close } = visitor;
  const supergraph = largeSupergraph(40, 2_000);
  await page.route('**/console/api/schema', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), supergraph } });
  });
  await page.goto('/console/graph');
  await page.getByText('40 subgraphs, 2,000 types').waitFor();
  await screenshot('graph-large');
  await page.getByRole('link', { name: 'Types', exact: true }).click();
  await page.getByRole('table', { name: 'Types' }).waitFor();
  assert.equal(await page.locator('tbody tr').count(), 100);
  await page.getByLabel('Type or field').fill('Thing1999');
  await page.getByRole('link', { name: 'Thing1999' }).click();
  await page.getByRole('table', { name: 'Fields of Thing1999' }).waitFor();
  assertNoTrouble();
  await close();
});

test('everything is reached by keyboard, in the dark and on a narrow window', async () => {
  const visitor = await world.open('/console/graph', { colors: 'dark', width: 390 });
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = visitor;
  await page.getByRole('link', { name: 'Map' }).waitFor();
  await assertFits(visitor);
  await assertLegible(page);
  await screenshot('graph-narrow');
  await page.getByRole('link', { name: 'Types', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Type or field').focus();
  await page.keyboard.type('Invoice');
  await page.getByRole('row').nth(1).getByRole('link', { name: 'Invoice', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Fields of Invoice', exact: true }).waitFor();
  await assertAccessible();
  await screenshot('graph-type-narrow');
  assert.equal(await page.evaluate(() => document.querySelector('main')?.scrollWidth), 390);
  assertNoTrouble();
  await close();
});

test('a large map is legible on a narrow window', async () => {
  const visitor = await world.open('/console/explore', { width: 390 });
  const { page, assertNoTrouble, close } = visitor;
  const supergraph = largeSupergraph(40, 400);
  await page.route('**/console/api/schema', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), supergraph } });
  });
  await page.goto('/console/graph');
  await page.getByText('40 subgraphs, 400 types').waitFor();
  await page.getByRole('region', { name: 'Map' }).waitFor();
  await assertFits(visitor);
  await assertLegible(page);
  assertNoTrouble();
  await close();
});

test('the tab that is open is in sight', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/graph/schemas', { width: 375 });
  await page.getByRole('link', { name: 'Schemas' }).and(page.locator('[aria-current]')).waitFor();
  const [tab, tabs] = await Promise.all([
    page.getByRole('link', { name: 'Schemas' }).boundingBox(),
    page.getByRole('navigation', { name: 'Parts of the graph' }).boundingBox(),
  ]);
  assert(tab !== null && tabs !== null);
  assert(tab.x >= tabs.x && tab.x + tab.width <= tabs.x + tabs.width + 1, `${JSON.stringify(tab)} in ${JSON.stringify(tabs)}`);
  assertNoTrouble();
  await close();
});

test('without a gateway the page says so', async () => {
  const { page, expectTrouble, assertNoTrouble, screenshot, close } = await world.open('/console/explore');
  expectTrouble(/console\/api\/schema|503/);
  await page.route('**/console/api/schema', (route) =>
    route.fulfill({ status: 503, json: { errors: [{ message: 'The gateway is stopping.', extensions: { code: 'STOPPING' } }] } }),
  );
  await page.goto('/console/graph');
  await page.getByRole('alert').getByText('The gateway is stopping.').waitFor();
  await screenshot('graph-error');
  assertNoTrouble();
  await close();
});

/** Fails if a label of the map is cut off by its side, or lies on another. */
async function assertLegible(page: Page): Promise<void> {
  const faults = await page.getByRole('region', { name: 'Map' }).evaluate((map) => {
    const frame = map.getBoundingClientRect();
    const labels = [...map.querySelectorAll('li')].map((label) => ({
      name: label.textContent,
      box: label.getBoundingClientRect(),
    }));
    const outside = labels.filter(({ box }) => box.left < frame.left || box.right > frame.right);
    const covered = labels.filter((one, index) =>
      labels
        .slice(index + 1)
        .some(
          ({ box }) =>
            box.left < one.box.right && one.box.left < box.right && box.top < one.box.bottom && one.box.top < box.bottom,
        ),
    );
    return [...outside, ...covered].map(({ name }) => name);
  });
  assert.deepEqual(faults, []);
}

/** A supergraph in which every fifth type is an entity of two subgraphs. */
function largeSupergraph(subgraphs: number, types: number): string {
  const names = Array.from({ length: subgraphs }, (_, index) => `S${index}`);
  const graphs = names.map((name) => `${name} @join__graph(name: "subgraph-${name.slice(1)}", url: "")`);
  const things = Array.from({ length: types }, (_, index) => {
    const [one, other] = [names[index % subgraphs], names[(index * 7 + 3) % subgraphs]];
    const key = index % 5 === 0 && one !== other;
    const joins = key ? `@join__type(graph: ${one}, key: "id") @join__type(graph: ${other}, key: "id")` : `@join__type(graph: ${one})`;
    const fields = Array.from({ length: 15 }, (_, field) => `field${field}: Thing${(index + field) % types} @join__field(graph: ${one})`);
    return `type Thing${index} ${joins} { id: ID! ${fields.join(' ')} }`;
  });
  return `enum join__Graph { ${graphs.join(' ')} }\n${things.join('\n')}`;
}
