import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';
import { assertFits, assertTablesFit } from './fits';
import { tabTo } from './tab-to';
import { sendMessage } from './webhook';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

const IDENTIFY = `mutation ($input: IdentifyCustomerInput!) {
  identifyCustomer(input: $input) { customer { id } errors { __typename } }
}`;

async function known(identities: readonly object[], traits: object): Promise<string> {
  const answer = await world.ask<{ identifyCustomer: { customer: { id: string } } }>('OWNER', IDENTIFY, {
    input: { identities, traits },
  });
  return answer.identifyCustomer.customer.id;
}

test('customers are listed, searched, and filtered by where they are known from', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/customers', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
  await assertAccessible();
  await screenshot('customers');
  await page.getByLabel('Name, address or number').fill('grace@');
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
  assert.match(page.url(), /search=grace%40/);
  await page.getByLabel('Known from').selectOption({ label: 'Telegram' });
  await page.getByRole('heading', { name: 'No customers here' }).waitFor();
  await assertAccessible();
  await screenshot('customers-empty');
  assertNoTrouble();
  await close();
});

test('a customer shows what every subgraph knows', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/customers', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await page.getByText('Hello, are you open on Sunday?').waitFor();
  await page.getByRole('link', { name: 'INV-000001' }).first().waitFor();
  await page.getByText('7000000000000001', { exact: true }).waitFor();
  await assertAccessible();
  await screenshot('customers-one');
  await page.getByText('Events are from the latest').scrollIntoViewIfNeeded();
  await screenshot('customers-timeline');
  await page.getByRole('link', { name: 'message.received' }).first().click();
  await page.getByRole('heading', { name: 'message.received' }).waitFor();
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  assertNoTrouble();
  await close();
});

test('a customer is made, changed, given another name, and an account; what is wrong stands at its field', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/customers', { role: 'OWNER' });
  await page.getByRole('button', { name: 'New customer' }).click();
  const making = page.getByRole('dialog', { name: 'New customer' });
  await making.getByLabel('Name').fill('Katherine Johnson');
  await making.getByLabel('Value').fill('not an address');
  await making.getByRole('button', { name: 'Create' }).click();
  await making.getByText('Use an address such as').waitFor();
  assert.equal(await making.getByLabel('Value').getAttribute('aria-invalid'), 'true');
  await assertAccessible();
  await screenshot('customers-new');
  await making.getByLabel('Value').fill('katherine@example.com');
  await making.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Katherine Johnson' }).waitFor();

  await page.getByRole('button', { name: 'Edit' }).click();
  const editing = page.getByRole('dialog', { name: 'Edit the customer' });
  await editing.getByLabel('Phone').fill('12');
  await editing.getByRole('button', { name: 'Save' }).click();
  await editing.locator('input[aria-invalid]').waitFor();
  await editing.getByLabel('Phone').fill('+49 221 12345');
  await editing.getByLabel('Tags').fill('vip, orbit');
  await editing.getByLabel('Attributes').fill('{ "plan": "silver" }');
  await editing.getByRole('button', { name: 'Save' }).click();
  await page.getByText('+4922112345', { exact: true }).first().waitFor();
  await page.getByText('"plan": "silver"').waitFor();

  await page.getByRole('button', { name: 'Add an identity' }).click();
  const adding = page.getByRole('dialog', { name: 'Add an identity' });
  await adding.getByLabel('Value').fill('ada@example.com');
  await adding.getByRole('button', { name: 'Add' }).click();
  await adding.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
  await adding.getByLabel('Known from').selectOption({ label: 'Telegram' });
  await adding.getByLabel('Value').fill('555001');
  await adding.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('cell', { name: '555001' }).waitFor();

  await page.getByLabel('Currency').fill('XYZ');
  await page.getByRole('button', { name: 'Open an account' }).click();
  await page.getByRole('status').getByText(/currency/i).first().waitFor();
  await page.getByLabel('Currency').fill('eur');
  await page.getByRole('button', { name: 'Open an account' }).click();
  await page.getByRole('link', { name: 'Account', exact: true }).waitFor();
  assertNoTrouble();
  await close();
});

test('what changes elsewhere is shown at once', async () => {
  const id = await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'live-1' }], { displayName: 'Before' });
  const { page, assertNoTrouble, close } = await world.open(`/console/customers/${id}`, { role: 'SUPPORT' });
  await page.getByRole('heading', { name: 'Before' }).waitFor();
  await page.getByText('Your role may not see: billing account, invoices.').waitFor();
  // The subscription tells of what happens once it is open, which the page does not show.
  let name = 'Augusta';
  const renamed = async () => {
    name += ' King';
    await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'live-1' }], { displayName: name });
  };
  const heading = page.getByRole('heading', { name: /^Augusta King/ });
  for (let attempt = 0; attempt < 20 && (await heading.count()) === 0; attempt += 1) {
    await renamed();
    await heading.waitFor({ timeout: 1000 }).catch(() => {});
  }
  await heading.waitFor();
  assertNoTrouble();
  await close();
});

test('people who may be one person are pointed out', async () => {
  await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'twin-1' }], { displayName: 'Dorothy Vaughan' });
  const twin = await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'twin-2' }], { displayName: 'dorothy vaughan' });
  const { page, assertAccessible, assertNoTrouble, close } = await world.open(`/console/customers/${twin}`, { role: 'OWNER' });
  await page.getByText('May be the same person').waitFor();
  await assertAccessible();
  await page.getByRole('link', { name: 'Dorothy Vaughan', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(twin));
  assertNoTrouble();
  await close();
});

test('the keyboard is enough to find a customer and change them', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/customers', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Alan Turing' }).waitFor();
  await tabTo(page, 'Alan Turing');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Alan Turing' }).waitFor();
  await tabTo(page, 'Edit');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  // Not by its role: a closed dialog has none, though the page still holds it as open.
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Edit');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Name').fill('Alan M. Turing');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Alan M. Turing' }).waitFor();
  assertNoTrouble();
  await close();
});

test('who may not see customers is told so, and nobody is asked to sign in', async () => {
  const member = await world.open('/console/customers', { role: 'MEMBER' });
  await member.page.getByRole('heading', { name: 'You may not see customers' }).waitFor();
  await member.assertAccessible();
  await member.screenshot('customers-refused');
  member.assertNoTrouble();
  await member.close();
  const nobody = await world.open('/console/customers');
  await nobody.page.getByRole('button', { name: 'Sign in as owner' }).click();
  await nobody.page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
  nobody.assertNoTrouble();
  await nobody.close();
});

test('a gateway that fails is an error with its reason, and no customer is one that is missing', async () => {
  const visitor = await world.open('/console/customers', { role: 'OWNER' });
  const { page } = visitor;
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
  visitor.expectTrouble(/502/);
  await page.route('**/graphql', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
  await page.getByLabel('Name, address or number').fill('qqq');
  await page.getByRole('heading', { name: 'Could not load customers' }).waitFor();
  await visitor.assertAccessible();
  await visitor.screenshot('customers-error');
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'No customers here' }).waitFor();
  await page.goto('/console/customers/cus_01jgfjjz00e008000000000099');
  await page.getByRole('heading', { name: 'There is no such customer' }).waitFor();
  visitor.assertNoTrouble();
  await visitor.close();
});

test('long names and many tags fit, in the dark and in narrow windows', async () => {
  const id = await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value: 'long-1' }], {
    displayName: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(4),
    email: `${'wolfeschlegelsteinhausenbergerdorff'.repeat(3)}@example.com`,
    note: 'x'.repeat(300),
  });
  const narrow = await world.open(`/console/customers/${id}`, { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.page.goto('/console/customers');
  await narrow.page.getByRole('table').waitFor();
  for (const width of [1440, 768, 390]) {
    await narrow.page.setViewportSize({ width, height: 800 });
    await assertFits(narrow);
    await assertTablesFit(narrow);
  }
  await narrow.screenshot('customers-narrow');
  narrow.assertNoTrouble();
  await narrow.close();
  const dark = await world.open('/console/customers', { role: 'OWNER', colors: 'dark' });
  await dark.page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await dark.page.getByText('Hello, are you open on Sunday?').waitFor();
  await dark.assertAccessible();
  await dark.screenshot('customers-one-dark');
  await dark.close();
});

test('more customers than fit are walked through page by page', async () => {
  for (let number = 0; number < 26; number += 1) {
    const value = `crowd-${number}`;
    await known([{ kind: 'EXTERNAL_ID', scope: 'shop', value }], { displayName: `Crowd ${number}` });
  }
  const { page, assertAccessible, assertNoTrouble, close } = await world.open('/console/customers?search=Crowd', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Crowd 25' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Crowd 0', exact: true }).count(), 0);
  await assertAccessible();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('link', { name: 'Crowd 0', exact: true }).waitFor();
  await page.getByText('Page 2').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Next' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByRole('link', { name: 'Crowd 25' }).waitFor();
  assertNoTrouble();
  await close();
});

test('the timeline follows what a customer writes, and looks back as far as one wants', async () => {
  await sendMessage(world.gateway, 'The first of many');
  const find = () =>
    world.ask<{ customerByIdentity: { id: string } | null }>(
      'OWNER',
      '{ customerByIdentity(kind: FACEBOOK_PSID, scope: "100000000000001", value: "42") { id } }',
    );
  let found = await find();
  while (found.customerByIdentity === null) found = await find();
  const writer = await world.open(`/console/customers/${found.customerByIdentity.id}`, { role: 'OWNER' });
  await writer.page.getByText('The first of many').waitFor();
  // A message is sent until the page, which follows them, shows one: nothing is reloaded.
  const newest = writer.page.getByText('And another').first();
  for (let attempt = 0; attempt < 20 && (await newest.count()) === 0; attempt += 1) {
    await sendMessage(world.gateway, 'And another');
    await newest.waitFor({ timeout: 1000 }).catch(() => {});
  }
  await newest.waitFor();
  writer.assertNoTrouble();
  await writer.close();

  for (let number = 0; number < 100; number += 1) await sendMessage(world.gateway, `Number ${number}`);
  const { page, assertAccessible, assertNoTrouble, close } = await world.open('/console/customers/cus_01jgfjjz00e008000000000001', { role: 'OWNER' });
  await page.getByText('Events are from the latest 100 of all apps.').waitFor();
  assert.equal(await page.getByText('Hello, are you open on Sunday?').count(), 0);
  await page.getByRole('button', { name: 'Look further back' }).click();
  await page.getByText('Hello, are you open on Sunday?').waitFor();
  await page.getByText('There are no older ones.').waitFor();
  await assertAccessible();
  assertNoTrouble();
  await close();
});
