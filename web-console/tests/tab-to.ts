import assert from 'node:assert/strict';

import type { Page } from 'playwright-core';

/** More stops than any page has before what one does on it. */
const STOPS_MAX = 60;

/** Presses Tab until what has this text is focused. */
export async function tabTo(page: Page, text: string | RegExp): Promise<void> {
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    const focused = (await page.evaluate(() => document.activeElement?.textContent)) ?? '';
    if (typeof text === 'string' ? focused === text : text.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not come to ${text}`);
}
