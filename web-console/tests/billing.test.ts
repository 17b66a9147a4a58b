import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';
import { assertFits } from './fits';
import { tabTo } from './tab-to';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

const ADA = 'bac_01jgfjjz00e008000000000001';

interface Draft {
  readonly id: string;
  readonly version: number;
  readonly subscription: { readonly id: string; readonly currentPeriodStart: string };
}

async function draftOf(accountId: string): Promise<Draft> {
  const { invoices } = await world.ask<{ invoices: { edges: { node: Draft }[] } }>(
    'OWNER',
    `query ($id: ID!) { invoices(first: 1, filter: { accountId: $id, status: [DRAFT] }) {
      edges { node { id version subscription { id currentPeriodStart } } } } }`,
    { id: accountId },
  );
  const [edge] = invoices.edges;
  assert(edge !== undefined, 'the account has a draft');
  return edge.node;
}

async function use(accountId: string, meterCode: string, value: number, at: string, id: string): Promise<void> {
  await world.ask(
    'OWNER',
    'mutation ($input: IngestUsageInput!) { ingestUsage(input: $input) { accepted } }',
    { input: { events: [{ id, source: 'test', meterCode, accountId, value: String(value), at }] } },
  );
}

test('invoices are listed and filtered, and one shows its lines', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/billing', { role: 'BILLING' });
  await page.getByRole('link', { name: 'INV-000001' }).waitFor();
  await assertAccessible();
  await screenshot('billing');
  await page.getByLabel('Status').selectOption({ label: 'Final' });
  await page.getByRole('link', { name: 'Draft' }).first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'INV-000001' }).click();
  await page.getByRole('heading', { name: 'Invoice INV-000001' }).waitFor();
  await page.getByRole('cell', { name: 'messages, above 50 up to 200' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Finalize' }).count(), 0);
  await assertAccessible();
  await screenshot('billing-invoice');
  assertNoTrouble();
  await close();
});

test('a draft becomes final once; who was too late is told', async () => {
  const draft = await draftOf('bac_01jgfjjz00e008000000000002');
  const path = `/console/billing/invoices/${draft.id}`;
  const early = await world.open(path, { role: 'BILLING' });
  const late = await world.open(path, { role: 'OWNER' });
  for (const { page } of [early, late]) {
    await page.getByRole('button', { name: 'Finalize' }).click();
    await page.getByRole('dialog', { name: 'Finalize this invoice?' }).waitFor();
  }
  await early.screenshot('billing-finalize');
  await early.assertAccessible();
  await early.page.getByRole('dialog').getByRole('button', { name: 'Finalize' }).click();
  await early.page.getByRole('heading', { name: 'Invoice INV-000002' }).waitFor();
  await late.page.getByRole('dialog').getByRole('button', { name: 'Finalize' }).click();
  await late.page.getByRole('dialog').getByRole('alert').waitFor();
  for (const visitor of [early, late]) {
    visitor.assertNoTrouble();
    await visitor.close();
  }
});

/** A customer who has subscribed half a year ago and used more with every month. */
async function grown(): Promise<void> {
  const { identifyCustomer } = await world.ask<{ identifyCustomer: { customer: { id: string } } }>(
    'OWNER',
    'mutation ($input: IdentifyCustomerInput!) { identifyCustomer(input: $input) { customer { id } } }',
    {
      input: {
        identities: [{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'grown' }],
        traits: { displayName: 'Maschinenfabrik Grünwald' },
      },
    },
  );
  const { openBillingAccount } = await world.ask<{ openBillingAccount: { account: { id: string } } }>(
    'OWNER',
    'mutation ($input: OpenBillingAccountInput!) { openBillingAccount(input: $input) { account { id } } }',
    { input: { customerId: identifyCustomer.customer.id, currency: 'EUR' } },
  );
  const accountId = openBillingAccount.account.id;
  const startAt = new Date();
  startAt.setUTCMonth(startAt.getUTCMonth() - 6, 1);
  await world.ask(
    'OWNER',
    'mutation ($input: CreateSubscriptionInput!) { createSubscription(input: $input) { errors { __typename } } }',
    { input: { accountId, planCode: 'growth', quantity: '1', startAt: startAt.toISOString(), idempotencyKey: 'grown' } },
  );
  for (let period = 0; period < 7; period += 1) {
    const draft = await draftOf(accountId);
    const start = Date.parse(draft.subscription.currentPeriodStart);
    const at = new Date(start + 3_600_000).toISOString();
    await use(accountId, 'storage_gb', 20 + 9 * period + (period % 3) * 7, at, `grown-s${period}`);
    if (period === 6) return;
    await world.ask(
      'OWNER',
      'mutation ($id: ID!, $v: Int!) { finalizeInvoice(id: $id, expectedVersion: $v) { errors { __typename } } }',
      { id: draft.id, v: draft.version },
    );
  }
}

test('usage is drawn by period, as bars and in words, and more can be recorded', async () => {
  await grown();
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/billing/subscriptions', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Maschinenfabrik Grünwald' }).waitFor();
  await screenshot('billing-subscriptions');
  await page.getByRole('row', { name: /Maschinenfabrik/ }).getByRole('link', { name: 'Growth' }).click();
  await page.getByRole('img', { name: 'Charged usage of storage_gb by period' }).locator('canvas').waitFor();
  await assertAccessible();
  await page.getByRole('table', { name: 'Charged usage of storage_gb by period' }).waitFor();
  await page.getByRole('heading', { name: 'Charged usage by period' }).scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 360));
  await screenshot('billing-usage');

  await page.getByRole('button', { name: 'Record usage' }).click();
  const dialog = page.getByRole('dialog', { name: 'Record usage' });
  await dialog.getByLabel('Meter').selectOption('storage_gb');
  await dialog.getByLabel('Value').fill('-3');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await dialog.locator('input[aria-invalid]').waitFor();
  await assertAccessible();
  await dialog.getByLabel('Value').fill('71.5');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await page.getByText('Recorded 71.5 for storage_gb').waitFor();
  assertNoTrouble();
  await close();
});

test('plans show their tiers; a new one needs what the graph says', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/billing/plans', { role: 'OWNER' });
  await page.getByRole('heading', { name: 'Growth' }).waitFor();
  await page.getByRole('cell', { name: 'Above 50 up to 200' }).waitFor();
  await assertAccessible();
  await screenshot('billing-plans');
  await page.getByRole('button', { name: 'Offer a plan' }).click();
  const dialog = page.getByRole('dialog', { name: 'Offer a plan' });
  await dialog.getByLabel('Code').fill('Big Plan');
  await dialog.getByLabel('Name').fill('Big');
  await dialog.getByRole('button', { name: 'Charge usage' }).click();
  await dialog.getByLabel('Each').fill('0.5');
  await dialog.getByLabel('Up to').fill('10');
  await dialog.getByRole('button', { name: 'Offer', exact: true }).click();
  await dialog.getByLabel('Code').and(page.locator('[aria-invalid]')).waitFor();
  await assertAccessible();
  await screenshot('billing-plan-new');
  await dialog.getByLabel('Code').fill('big');
  await dialog.getByLabel('Up to').fill('');
  await dialog.getByRole('button', { name: 'Offer', exact: true }).click();
  await page.getByRole('heading', { name: 'Big' }).waitFor();
  await page.getByLabel('Plans', { exact: true }).selectOption({ label: 'Earlier versions' });
  await page.getByRole('heading', { name: 'No plans here' }).waitFor();
  await screenshot('billing-empty');
  assertNoTrouble();
  await close();
});

test('an account subscribes to a plan on offer', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open(`/console/billing/accounts/${ADA}`, { role: 'BILLING' });
  await page.getByRole('heading', { name: 'Account of Ada Lovelace' }).waitFor();
  await page.getByRole('button', { name: 'Subscribe' }).click();
  const dialog = page.getByRole('dialog', { name: 'Subscribe' });
  await dialog.getByLabel('Quantity').fill('-1');
  await dialog.getByRole('button', { name: 'Subscribe' }).click();
  await dialog.getByLabel('Quantity').and(page.locator('[aria-invalid]')).waitFor();
  await assertAccessible();
  await dialog.getByLabel('Quantity').fill('2');
  await dialog.getByRole('button', { name: 'Subscribe' }).click();
  // The meters of this plan are charged already.
  await dialog.locator('.problem').first().waitFor();
  await page.keyboard.press('Escape');
  await screenshot('billing-account');
  assertNoTrouble();
  await close();
});

test('the keyboard is enough to make a meter', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/billing/meters', { role: 'OWNER' });
  await page.getByRole('cell', { name: 'storage_gb' }).waitFor();
  await screenshot('billing-meters');
  await tabTo(page, 'New meter');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Code').waitFor();
  await assertAccessible();
  await page.keyboard.type('calls');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'calls' }).waitFor();
  assertNoTrouble();
  await close();
});

test('who may not see billing is told so, and who may only read is offered nothing else', async () => {
  const support = await world.open('/console/billing', { role: 'SUPPORT' });
  await support.page.getByRole('heading', { name: 'You may not see invoices' }).waitFor();
  await support.assertAccessible();
  await support.screenshot('billing-refused');
  for (const [path, what] of [
    ['subscriptions', 'subscriptions'],
    ['plans', 'plans'],
    [`accounts/${ADA}`, 'accounts'],
  ] as const) {
    await support.page.goto(`/console/billing/${path}`);
    await support.page.getByRole('heading', { name: `You may not see ${what}` }).waitFor();
  }
  support.assertNoTrouble();
  await support.close();
  const analyst = await world.open('/console/billing/plans', { role: 'ANALYST' });
  await analyst.page.getByRole('heading', { name: 'Growth' }).waitFor();
  assert.equal(await analyst.page.getByRole('button', { name: 'Offer a plan' }).count(), 0);
  analyst.assertNoTrouble();
  await analyst.close();
});

test('a customer with a long name fits, on every window', async () => {
  const displayName = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(5);
  const { identifyCustomer } = await world.ask<{ identifyCustomer: { customer: { id: string } } }>(
    'OWNER',
    'mutation ($input: IdentifyCustomerInput!) { identifyCustomer(input: $input) { customer { id } } }',
    { input: { identities: [{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'long' }], traits: { displayName } } },
  );
  const { openBillingAccount } = await world.ask<{ openBillingAccount: { account: { id: string } } }>(
    'OWNER',
    'mutation ($input: OpenBillingAccountInput!) { openBillingAccount(input: $input) { account { id } } }',
    { input: { customerId: identifyCustomer.customer.id, currency: 'EUR' } },
  );
  const accountId = openBillingAccount.account.id;
  await world.ask(
    'OWNER',
    'mutation ($input: CreateSubscriptionInput!) { createSubscription(input: $input) { errors { __typename } } }',
    { input: { accountId, planCode: 'growth', quantity: '1', idempotencyKey: 'long' } },
  );
  for (const width of [1280, 390]) {
    const visitor = await world.open('/console/billing', { role: 'OWNER', width });
    for (const path of ['', '/subscriptions', `/accounts/${accountId}`, `/invoices/${(await draftOf(accountId)).id}`]) {
      await visitor.page.goto(`/console/billing${path}`);
      await visitor.page.getByText(displayName).first().waitFor();
      await assertFits(visitor);
    }
    await visitor.assertAccessible();
    visitor.assertNoTrouble();
    await visitor.close();
  }
});

test('it is at home in the dark and in narrow windows', async () => {
  const narrow = await world.open('/console/billing', { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('link', { name: 'INV-000001' }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.screenshot('billing-narrow');
  await narrow.page.getByRole('link', { name: 'INV-000001' }).click();
  await narrow.page.getByRole('heading', { name: 'Lines' }).waitFor();
  await assertFits(narrow);
  await narrow.page.goto('/console/billing/plans');
  await narrow.page.getByRole('heading', { name: 'Growth' }).waitFor();
  await assertFits(narrow);
  await narrow.screenshot('billing-plans-narrow');
  const { subscription } = await draftOf(ADA);
  await narrow.page.goto(`/console/billing/subscriptions/${subscription.id}`);
  await narrow.page.locator('canvas').waitFor();
  await assertFits(narrow);
  await narrow.close();
  const dark = await world.open(`/console/billing/subscriptions/${subscription.id}`, { role: 'OWNER', colors: 'dark' });
  await dark.page.locator('canvas').waitFor();
  await dark.assertAccessible();
  await dark.screenshot('billing-usage-dark');
  dark.assertNoTrouble();
  await dark.close();
});
