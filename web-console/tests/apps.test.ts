import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';
import { assertFits } from './fits';
import { tabTo } from './tab-to';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

/** Sends an event as a platform does. */
async function deliver(url: string, secret: string, body: object): Promise<number> {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature-256': `sha256=${signature}` },
    body: text,
  });
  return response.status;
}

test('apps are listed and searched', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/apps', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Café Köln' }).waitFor();
  await assertAccessible();
  await screenshot('apps');
  await page.getByLabel('Name or short name').fill('nothing is called so');
  await page.getByRole('heading', { name: 'No apps here' }).waitFor();
  await assertAccessible();
  await screenshot('apps-empty');
  assertNoTrouble();
  await close();
});

test('an app shows its sources and its events, and an event its payload', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/apps', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Café Köln' }).click();
  await page.getByText('X-Hub-Signature-256').waitFor();
  await page.getByRole('cell', { name: 'Where is my order?' }).waitFor();
  await assertAccessible();
  await screenshot('apps-one');
  await page.getByLabel('Status').selectOption({ label: 'Processed' });
  await page.getByRole('heading', { name: 'No events here' }).waitFor();
  await page.getByLabel('Status').selectOption('');
  await page.getByLabel('What').fill('message.received');
  await page.getByLabel('Received before').fill('2020-01-01T00:00');
  await page.getByRole('heading', { name: 'No events here' }).waitFor();
  await page.getByLabel('Received before').fill('');
  await page.getByRole('row', { name: /Where is my order/ }).getByRole('link').first().click();
  await page.getByRole('region', { name: 'Payload' }).getByText('m_demo_2').waitFor();
  await page.getByRole('blockquote').getByText('Where is my order?').waitFor();
  await assertAccessible();
  await screenshot('apps-event');
  assertNoTrouble();
  await close();
});

test('an app is made with a source that works at once', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/apps', { role: 'DEVELOPER' });
  await page.getByRole('button', { name: 'New app' }).click();
  const making = page.getByRole('dialog', { name: 'New app' });
  await making.getByLabel('Name', { exact: true }).fill('Orders of the shop');
  await making.getByLabel('Short name').fill('cafe-koeln');
  await making.getByRole('button', { name: 'Create' }).click();
  await making.getByText('Another app has this slug.').waitFor();
  await assertAccessible();
  await screenshot('apps-new');
  await making.getByLabel('Short name').fill('shop-orders');
  await making.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Orders of the shop' }).waitFor();
  await page.getByText('It has no source yet').waitFor();

  await page.getByRole('button', { name: 'New source' }).click();
  const adding = page.getByRole('dialog', { name: 'New source' });
  await adding.getByRole('button', { name: 'Create' }).click();
  await adding.getByText('Enter the app secret that Meta shows.').waitFor();
  await adding.getByLabel('Sender').selectOption({ label: 'Any sender that signs' });
  await adding.getByRole('button', { name: 'Create' }).click();
  const made = page.getByRole('dialog', { name: 'Enter this at the platform' });
  await made.getByText('shown this once').waitFor();
  await assertAccessible();
  await screenshot('apps-source');
  await made.getByRole('button', { name: 'Copy the URL' }).click();
  const url = await page.evaluate(() => navigator.clipboard.readText());
  await made.getByRole('button', { name: 'Copy the secret' }).click();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  await made.getByRole('button', { name: 'Done' }).click();
  await page.getByText('None yet').waitFor();
  assert.equal(await page.getByText(secret).count(), 0);
  await page.getByRole('heading', { name: 'No events here' }).waitFor();

  // The event is sent until the page, which follows them, shows it: nothing is reloaded.
  const row = page.getByRole('row').filter({ has: page.getByRole('link') });
  for (let attempt = 0; attempt < 20 && (await row.count()) === 0; attempt += 1) {
    assert.equal(await deliver(url, secret, { order: attempt }), 200);
    await row.first().waitFor({ timeout: 1000 }).catch(() => {});
  }
  await row.first().waitFor();
  assertNoTrouble();
  await close();
});

test('the keyboard is enough to come from the list to an event', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/apps', { role: 'OWNER' });
  await page.getByRole('link', { name: 'Café Köln' }).waitFor();
  await tabTo(page, 'Café Köln');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'Where is my order?' }).waitFor();
  await tabTo(page, /^\d+ \w+ \d{4}, \d\d:\d\d$/);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Payload' }).waitFor();
  assertNoTrouble();
  await close();
});

test('who may see apps but no events sees the apps, and is told of the rest', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/apps', { role: 'MEMBER' });
  await page.getByRole('link', { name: 'Café Köln' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New app' }).count(), 0);
  await page.getByRole('link', { name: 'Café Köln' }).click();
  await page.getByRole('heading', { name: 'You may not see events' }).waitFor();
  await assertAccessible();
  await screenshot('apps-refused');
  assertNoTrouble();
  await close();
});

test('an app that does not exist is said not to, and a broken gateway is an error', async () => {
  const visitor = await world.open('/console/apps/app_01jgfjjz00e008000000000099', { role: 'OWNER' });
  await visitor.page.getByRole('heading', { name: 'There is no such app' }).waitFor();
  visitor.expectTrouble(/502/);
  await visitor.page.route('**/graphql', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }));
  await visitor.page.getByRole('link', { name: 'All apps' }).click();
  await visitor.page.getByRole('heading', { name: 'Could not load apps' }).waitFor();
  await visitor.assertAccessible();
  visitor.assertNoTrouble();
  await visitor.close();
});

test('it is at home in the dark and in narrow windows', async () => {
  const narrow = await world.open('/console/apps', { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('link', { name: 'Café Köln' }).click();
  await narrow.page.getByRole('heading', { name: 'Events' }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.screenshot('apps-narrow');
  narrow.assertNoTrouble();
  await narrow.close();
  const dark = await world.open('/console/apps', { role: 'OWNER', colors: 'dark' });
  await dark.page.getByRole('link', { name: 'Café Köln' }).click();
  await dark.page.getByRole('cell', { name: 'Where is my order?' }).waitFor();
  await dark.assertAccessible();
  await dark.screenshot('apps-dark');
  dark.assertNoTrouble();
  await dark.close();
});
