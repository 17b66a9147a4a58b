import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';
import { open, ready, type } from './editor';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

test('it suggests fields', async () => {
  const { page, assertNoTrouble, screenshot, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await type(page, '{ customers { edges { node {  } } } }');
  for (let step = 0; step < 7; step += 1) await page.keyboard.press('ArrowLeft');
  // The schema comes a moment after the editor.
  const suggestion = page.locator('.suggest-widget').getByText('displayName');
  for (let tries = 0; tries < 20 && !(await suggestion.isVisible()); tries += 1) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    await suggestion.waitFor({ timeout: 1000 }).catch(() => {});
  }
  await suggestion.waitFor();
  await screenshot('explore-suggestions');
  assertNoTrouble();
  await close();
});

test('a name that is clicked with Control leads to its documentation', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await type(page, 'query Q { customers { pageInfo { hasNextPage } } }');
  const documentation = page.locator('.graphiql-doc-explorer-title').getByText('customers');
  const name = page.locator('.graphiql-query-editor .view-line span').getByText('customers', { exact: true });
  // The schema comes a moment after the editor.
  for (let tries = 0; tries < 20 && !(await documentation.isVisible()); tries += 1) {
    await name.click({ modifiers: ['Control'] });
    await documentation.waitFor({ timeout: 1000 }).catch(() => {});
  }
  await documentation.waitFor();
  assertNoTrouble();
  await close();
});

test('an operation is checked as it is typed, and variables are checked against it', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  const mistakes = page.locator('.graphiql-query-editor .squiggly-error');
  await type(page, 'query Q($first: Int!) { customers(first: $first) { nonsense } }');
  await mistakes.first().waitFor();
  await type(page, 'query Q($first: Int!) { customers(first: $first) { pageInfo { hasNextPage } } }');
  await mistakes.first().waitFor({ state: 'detached' });
  const variables = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)');
  await page.getByRole('button', { name: 'Variables' }).click();
  await variables.locator('.view-lines').click();
  await page.keyboard.insertText('{ "first": "five" }');
  await variables.locator('.squiggly-warning, .squiggly-error').first().waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText('{ "first": 5 }');
  await variables.locator('.squiggly-warning, .squiggly-error').first().waitFor({ state: 'detached' });
  assertNoTrouble();
  await close();
});

test('an operation is made pretty', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await type(page, 'query Q{viewer{tenant{name}}}');
  await page.getByRole('button', { name: /Prettify/ }).click();
  await page.waitForFunction(() => document.querySelectorAll('.graphiql-query-editor .view-line').length >= 7);
  assertNoTrouble();
  await close();
});

test('the palette of commands opens and closes with the keyboard', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget').getByRole('combobox').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  assertNoTrouble();
  await close();
});

test('tabs are moved by dragging and with the keyboard, and stay so', async () => {
  const { page, assertNoTrouble, assertAccessible, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await open(page, 'People');
  await open(page, 'A customer as every');
  const tabs = page.locator('.graphiql-tab');
  const tab = (name: string) => tabs.getByRole('button', { name, exact: true });
  const become = (...names: string[]) =>
    page.waitForFunction(
      (wanted) => [...document.querySelectorAll('.graphiql-tab-button')].map(({ textContent }) => textContent).join() === wanted,
      names.join(),
    );
  await become('Dashboard', 'People', 'Customer360');
  await tab('Customer360').dragTo(tab('Dashboard'));
  await become('Customer360', 'Dashboard', 'People');
  await tab('Customer360').focus();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await become('Dashboard', 'Customer360', 'People');
  // What was moved keeps the focus, and its operation stays the one in the editor.
  await page.keyboard.press('Control+Shift+ArrowRight');
  await become('Dashboard', 'People', 'Customer360');
  await page.locator('.graphiql-query-editor').getByText('A customer as every subgraph').waitFor();
  await assertAccessible();
  // Reloaded at once, before anything that waits could have written it.
  await tab('Customer360').focus();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await page.reload();
  await become('Dashboard', 'Customer360', 'People');
  await page.locator('.graphiql-query-editor').getByText('A customer as every subgraph').waitFor();
  assertNoTrouble();
  await close();
});

test('a link to an operation opens it in a tab of its own, without headers', async () => {
  const { page, context, assertNoTrouble, close } = await world.open('/console/explore', { role: 'OWNER' });
  await ready(page);
  await type(page, 'query Shared($first: Int!) { customers(first: $first) { pageInfo { hasNextPage } } }');
  await page.getByRole('button', { name: 'Variables' }).click();
  const tool = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines');
  await tool.click();
  await page.keyboard.insertText('{ "first": 2 }');
  await page.getByRole('button', { name: 'Headers' }).click();
  await tool.click();
  await page.keyboard.insertText('{ "x-secret": "hush" }');
  await page.locator('.graphiql-tab').getByText('Shared').waitFor();
  await page.getByRole('button', { name: 'Copy as' }).click();
  await page.getByRole('menuitem', { name: 'Link' }).click();
  await page.getByText('Copied a link').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(!link.includes('hush'), link);
  await page.evaluate(() => localStorage.clear());
  const other = await context.newPage();
  await other.goto(link);
  await ready(other);
  await other.locator('.graphiql-tab-active').getByText('Shared').waitFor();
  assert.ok(!other.url().includes('#'), 'a reload does not open it once more');
  await other.getByRole('button', { name: 'Variables' }).click();
  await other.locator('.graphiql-editor-tool').getByText('"first"').waitFor();
  assertNoTrouble();
  await close();
});
