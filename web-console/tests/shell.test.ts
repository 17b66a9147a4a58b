import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, tokenFor, type World } from './console';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

test('the origin leads to the console', async () => {
  const { page, assertNoTrouble, close } = await world.open('/');
  await page.waitForURL('**/console/explore');
  assertNoTrouble();
  await close();
});

test('a role signs in, for this tab only', async () => {
  const { page, context, assertNoTrouble, close } = await world.open('/console/live');
  await page.getByLabel('Signed in as').selectOption('OWNER');
  await page.waitForFunction(() => sessionStorage.getItem('tenon.session') !== null);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  const other = await context.newPage();
  await other.goto('/console/live');
  assert.equal(await other.getByLabel('Signed in as').inputValue(), '');
  await page.reload();
  assert.equal(await page.getByLabel('Signed in as').inputValue(), 'OWNER');
  assertNoTrouble();
  await close();
});

test('colours follow the system until one chooses', async () => {
  const { page, close } = await world.open('/console/live', { colors: 'dark' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  const light = await background();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await background(), light);
  await close();
});

test('a page that does not exist says so', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/nowhere');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  assertNoTrouble();
  await close();
});

test('narrow windows have a menu', async () => {
  const { page, assertAccessible, assertNoTrouble, close } = await world.open('/console/live', { width: 390 });
  await page.getByRole('button', { name: 'Menu' }).click();
  await assertAccessible();
  await page.getByRole('link', { name: 'Explore' }).click();
  await page.waitForURL('**/console/explore');
  assertNoTrouble();
  await close();
});

test('a token that is not accepted is put away', async () => {
  const { page, expectTrouble, assertNoTrouble, close } = await world.open('/console/nowhere');
  expectTrouble(/401/);
  const stored = JSON.stringify({ token: 'of.another.day', role: 'OWNER', expiresAt: Date.now() + 3_600_000 });
  await page.evaluate((value) => sessionStorage.setItem('tenon.session', value), stored);
  await page.reload();
  await page.getByText('The token is not accepted: sign in again').waitFor();
  assert.equal(await page.getByLabel('Signed in as').inputValue(), '');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('tenon.session')), null);
  assertNoTrouble();
  await close();
});

test('where there is no demo, one signs in with a token', async () => {
  const { page, assertNoTrouble, assertAccessible, close } = await world.open('/console/nowhere');
  const about = { version: '1.0.0', mode: 'serve', scope: 'gateway:read', permitted: true, signedIn: false };
  await page.route('**/console/api', (route) => route.fulfill({ json: about }));
  await page.goto('/console/live');
  await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor();
  await assertAccessible();
  const form = page.getByRole('main');
  await form.getByLabel('Access token').fill(await tokenFor(world.gateway, 'OWNER'));
  await form.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Events per second' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor();
  assertNoTrouble();
  await close();
});
