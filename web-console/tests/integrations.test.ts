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

test('connections are listed and filtered', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/integrations', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Analytics cluster' }).waitFor();
  await assertAccessible();
  await screenshot('integrations');
  await page.getByLabel('System', { exact: true }).selectOption({ label: 'Telegram bot' });
  await page.getByRole('link', { name: 'Analytics cluster' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Support bot' }).waitFor();
  await page.getByLabel('Status', { exact: true }).selectOption({ label: 'Revoked' });
  await page.getByRole('heading', { name: 'No connections here' }).waitFor();
  await assertAccessible();
  await screenshot('integrations-empty');
  assertNoTrouble();
  await close();
});

test('a credential is stored, shown for a purpose, replaced and revoked, and the log says who saw it', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/integrations', { role: 'OWNER' });
  await page.getByRole('button', { name: 'New connection' }).click();
  const making = page.getByRole('dialog', { name: 'New connection' });
  await making.getByLabel('System').selectOption({ label: 'Supabase' });
  await making.getByLabel('Name').fill('Warehouse');
  await making.getByLabel('Project URL').fill('no URL');
  await making.getByRole('button', { name: 'Connect' }).click();
  await making.getByLabel('Service role key').and(page.locator('[aria-invalid]')).waitFor();
  await assertAccessible();
  await screenshot('integrations-new');
  await making.getByLabel('Project URL').fill('https://abcdefghijklmnopqrst.supabase.co');
  await making.getByLabel('Service role key').fill('the-first-key');
  await making.getByLabel('To be replaced by').fill('2020-01-01');
  await making.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Warehouse' }).waitFor();
  await page.getByText('Nobody has asked to see a credential').waitFor();
  assert.equal(await page.getByText('the-first-key').count(), 0);

  await page.getByRole('button', { name: 'Show the credential' }).click();
  const asking = page.getByRole('dialog', { name: 'Show the credential' });
  await asking.getByRole('button', { name: 'Show' }).click();
  await asking.getByLabel('Purpose').and(page.locator('[aria-invalid]')).waitFor();
  await assertAccessible();
  await screenshot('integrations-purpose');
  await asking.getByLabel('Purpose').fill('moving to another region');
  await asking.getByRole('button', { name: 'Show' }).click();
  const shown = page.getByRole('dialog', { name: 'The credential', exact: true });
  await shown.getByText('the-first-key').waitFor();
  await assertAccessible();
  await screenshot('integrations-shown');
  await shown.getByRole('button', { name: 'Hide' }).click();
  await page.getByText('the-first-key').waitFor({ state: 'detached' });
  await page.getByRole('cell', { name: 'moving to another region' }).waitFor();

  await page.getByRole('button', { name: 'Replace' }).click();
  const replacing = page.getByRole('dialog', { name: 'Replace the credential' });
  await replacing.getByLabel('Project URL').fill('https://abcdefghijklmnopqrst.supabase.co');
  await replacing.getByLabel('Service role key').fill('the-second-key');
  await replacing.getByRole('button', { name: 'Replace' }).click();
  await page.getByText('Stored the new credential').waitFor();
  await screenshot('integrations-one');

  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke this connection?' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Show the credential' }).count(), 0);

  await page.goto('/console/integrations/log');
  const row = page.getByRole('row', { name: /moving to another region/ });
  await row.getByRole('cell', { name: 'Olga Owens' }).waitFor();
  await row.getByRole('cell', { name: 'Shown' }).waitFor();
  await assertAccessible();
  await screenshot('integrations-log');
  assertNoTrouble();
  await close();
});

test('a shown credential hides by itself', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/integrations', { role: 'OWNER' });
  await page.clock.install();
  await page.getByRole('link', { name: 'Support bot' }).click();
  await page.getByRole('button', { name: 'Show the credential' }).click();
  await page.getByRole('dialog').getByLabel('Purpose').fill('to see it vanish');
  await page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
  const shown = page.getByRole('dialog', { name: 'The credential', exact: true });
  await shown.waitFor();
  await page.clock.fastForward(61_000);
  await shown.waitFor({ state: 'detached' });
  assertNoTrouble();
  await close();
});

test('the keyboard is enough to connect a system', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/integrations', { role: 'DEVELOPER' });
  await page.getByRole('link', { name: 'Support bot' }).waitFor();
  await tabTo(page, 'New connection');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Telegram');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Second bot');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Second bot' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Show the credential' }).count(), 0);
  assertNoTrouble();
  await close();
});

test('who may not see connections or the log is told so', async () => {
  const support = await world.open('/console/integrations', { role: 'SUPPORT' });
  await support.page.getByRole('heading', { name: 'You may not see connections' }).waitFor();
  await support.assertAccessible();
  await support.screenshot('integrations-refused');
  support.assertNoTrouble();
  await support.close();
  const developer = await world.open('/console/integrations/log', { role: 'DEVELOPER' });
  await developer.page.getByRole('heading', { name: 'You may not see the access log' }).waitFor();
  developer.assertNoTrouble();
  await developer.close();
});

test('a gateway that fails is an error with its reason', async () => {
  const visitor = await world.open('/console/integrations/log', { role: 'OWNER' });
  await visitor.page.getByRole('table').waitFor();
  visitor.expectTrouble(/502/);
  await visitor.page.route('**/graphql', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
  await visitor.page.getByRole('link', { name: 'Connections' }).click();
  await visitor.page.getByRole('heading', { name: 'Could not load connections' }).waitFor();
  visitor.assertNoTrouble();
  await visitor.close();
});

test('it is at home in the dark and in narrow windows', async () => {
  const narrow = await world.open('/console/integrations', { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('link', { name: 'Analytics cluster' }).waitFor();
  await assertFits(narrow);
  await narrow.screenshot('integrations-narrow');
  await narrow.page.getByRole('link', { name: 'Analytics cluster' }).click();
  await narrow.page.getByRole('heading', { name: 'Who saw the credential' }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.screenshot('integrations-one-narrow');
  narrow.assertNoTrouble();
  await narrow.close();
  const dark = await world.open('/console/integrations', { role: 'OWNER', colors: 'dark' });
  await dark.page.getByRole('link', { name: 'Analytics cluster' }).waitFor();
  await dark.assertAccessible();
  await dark.screenshot('integrations-dark');
  dark.assertNoTrouble();
  await dark.close();
});
