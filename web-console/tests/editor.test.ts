import { after, before, test } from 'node:test';

import { startWorld, type World } from './console';
import { ready, type } from './editor';

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
