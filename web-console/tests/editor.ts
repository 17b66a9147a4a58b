import type { Page } from 'playwright-core';

/** Ready to be typed into, with the schema there. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.graphiql-query-editor .monaco-editor textarea') !== null);
}

/** Puts an operation into the editor in the place of what is there. */
export async function type(page: Page, operation: string): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(operation);
  await page.keyboard.press('Escape');
}

/** The popup of suggestions covers the button, so the keys run it. */
export async function run(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
}

/** Opens a prepared operation. */
export async function open(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Prepared operations' }).click();
  await page.getByRole('menuitem', { name: title }).click();
}

export const answer = (page: Page) => page.locator('.graphiql-response .view-lines');
export const nodes = (page: Page) => page.locator('.plan-node');
