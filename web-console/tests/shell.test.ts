import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';

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
