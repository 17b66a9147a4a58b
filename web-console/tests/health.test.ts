import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';

let world: World;
before(async () => {
  world = await startWorld();
  for (let count = 0; count < 20; count += 1) {
    await world.ask('OWNER', '{ customers(first: 5) { edges { node { displayName billingAccount { id } } } } }');
  }
  await fetch(`${world.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ noSuchField }' }),
  });
});
after(() => world?.close());

test('the gateway, its subgraphs and what it refused are seen at once', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/health', {
    role: 'OWNER',
    height: 1400,
  });
  const subgraphs = page.getByRole('table', { name: 'Subgraphs' });
  await subgraphs.getByRole('row').nth(6).waitFor();
  assert.deepEqual(await subgraphs.locator('tbody .badge.good').allTextContents(), Array(6).fill('up'));
  const customers = subgraphs.getByRole('row').filter({ hasText: 'customers' });
  assert.ok(Number(await customers.getByRole('cell').nth(2).textContent()) >= 20);
  const hits = page.locator('.figures > div').filter({ hasText: 'Plan cache hits' });
  assert.match((await hits.textContent()) ?? '', /19 of 20/);
  await page.getByText('GRAPHQL_VALIDATION_FAILED').click();
  await page.locator('.refusals li').first().waitFor();
  await assertAccessible();
  await screenshot('health');
  assertNoTrouble();
  await close();
});

test('a subgraph has a page of its own', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/health', { role: 'OWNER' });
  await page.getByRole('table', { name: 'Subgraphs' }).getByRole('link', { name: 'billing' }).press('Enter');
  await page.waitForURL('**/console/health/billing');
  await page.getByText('in the gateway’s own process').waitFor();
  const counts = await page.locator('.histogram li > :last-child').allTextContents();
  assert.ok(counts.reduce((sum, count) => sum + Number(count), 0) >= 20);
  await assertAccessible();
  await screenshot('health-subgraph');
  await page.goto('/console/health/nobody');
  await page.getByRole('heading', { name: 'There is no such subgraph' }).waitFor();
  assertNoTrouble();
  await close();
});

test('narrow and dark', async () => {
  const visitor = await world.open('/console/health', { role: 'OWNER', colors: 'dark', width: 390, height: 1400 });
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = visitor;
  await page.getByRole('table', { name: 'Subgraphs' }).waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('main')?.scrollWidth), 390);
  await assertAccessible();
  await screenshot('health-narrow');
  assertNoTrouble();
  await close();
});

test('figures stay when the gateway goes away, and go on when it is back', async () => {
  const { page, expectTrouble, assertNoTrouble, close } = await world.open('/console/health', { role: 'OWNER' });
  await page.getByRole('table', { name: 'Subgraphs' }).waitFor();
  expectTrouble(/ERR_CONNECTION|Failed to load resource/);
  await world.gateway.restart(async () => {
    await page.getByRole('alert').getByText('The gateway does not answer').waitFor();
    assert.equal(await page.getByRole('table', { name: 'Subgraphs' }).count(), 1);
  });
  await page.getByRole('alert').waitFor({ state: 'detached' });
  assertNoTrouble();
  await close();
});
