import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { type Cluster, startCluster } from './cluster';
import { lookAt, type World } from './console';
import { assertFits } from './fits';

let world: World<Cluster>;
before(async () => {
  world = await lookAt(await startCluster());
});
after(() => world?.close());

const UNREACHABLE = (subgraph: string) => `The subgraph “${subgraph}” cannot be reached.`;

test('files of a subgraph that is down are an error with its reason, until it is back', async () => {
  const visitor = await world.open('/console/files', { role: 'OWNER' });
  const { page } = visitor;
  await page.getByRole('link', { name: 'welcome.txt' }).click();
  await page.getByText('This file came with the demo').waitFor();
  await world.gateway.kill('files');
  await page.reload();
  await page.getByRole('heading', { name: 'Could not load files' }).waitFor();
  await page.goto('/console/files');
  await page.getByRole('heading', { name: 'Could not load files' }).waitFor();
  await page.getByText(UNREACHABLE('files')).waitFor();
  await visitor.assertAccessible();
  await visitor.screenshot('files-error');
  await world.gateway.start('files');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  // What an upload goes to is back as well.
  await page.getByLabel('Into the collection').waitFor();
  visitor.assertNoTrouble();
  await visitor.close();
});

test('while billing is down its pages say so, a customer is shown without it, and health tells', async () => {
  await world.gateway.kill('billing');
  const visitor = await world.open('/console/billing', { role: 'OWNER' });
  const { page } = visitor;
  for (const [path, what] of [
    ['plans', 'plans'],
    ['meters', 'meters'],
    ['subscriptions', 'subscriptions'],
    ['accounts/bac_01jgfjjz00e008000000000001', 'accounts'],
    ['', 'invoices'],
  ] as const) {
    await page.goto(`/console/billing/${path}`.replace(/\/$/, ''));
    await page.getByRole('heading', { name: `Could not load ${what}` }).waitFor();
    await page.getByText(UNREACHABLE('billing')).waitFor();
  }
  await visitor.assertAccessible();
  await visitor.screenshot('billing-error');

  await page.goto('/console/customers/cus_01jgfjjz00e008000000000001');
  await page.getByText(`Missing: billing account, invoices. ${UNREACHABLE('billing')}`).waitFor();
  await page.getByRole('cell', { name: 'ada@example.com' }).waitFor();
  await visitor.assertAccessible();
  await visitor.screenshot('customers-partial');

  await page.goto('/console/health');
  const row = page.getByRole('table', { name: 'Subgraphs' }).getByRole('row').filter({ hasText: 'billing' });
  await row.getByText('down').waitFor();
  await row.getByText(/: connect$/).waitFor();
  await visitor.assertAccessible();
  await row.scrollIntoViewIfNeeded();
  await visitor.screenshot('health-down');
  await row.getByRole('link', { name: 'billing' }).click();
  await page.getByText(/cannot connect/).waitFor();
  await page.goto('/console/health');
  await world.gateway.start('billing');
  await row.getByText('up').waitFor();

  await page.goto('/console/billing');
  await page.getByRole('link', { name: 'INV-000001' }).waitFor();
  visitor.assertNoTrouble();
  await visitor.close();
});

test('an error fits a telephone', async () => {
  await world.gateway.kill('files');
  const visitor = await world.open('/console/files', { role: 'OWNER', width: 390 });
  await visitor.page.getByRole('heading', { name: 'Could not load files' }).waitFor();
  await assertFits(visitor);
  await visitor.assertAccessible();
  await visitor.screenshot('files-error-narrow');
  visitor.assertNoTrouble();
  await visitor.close();
});

test('without a right to see how the gateway is, one is told so, and sees no plan', async () => {
  const visitor = await world.open('/console/health', { role: 'SUPPORT' });
  visitor.expectTrouble(/403/);
  await visitor.page.getByRole('heading', { name: /could not be loaded|may not/i }).waitFor();
  await visitor.assertAccessible();
  await visitor.page.goto('/console/graph');
  await visitor.page.getByRole('heading', { name: /could not be loaded|may not/i }).waitFor();
  assert.equal(await visitor.page.getByText('FORBIDDEN').count(), 1);
  visitor.assertNoTrouble();
  await visitor.close();
});
