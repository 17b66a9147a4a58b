import assert from 'node:assert/strict';

import type { Visitor } from './console';

/** Fails if the page has to be scrolled sideways; tables scroll in their frames. */
export async function assertFits({ page }: Visitor): Promise<void> {
  const overflow = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main === null ? 0 : main.scrollWidth - main.clientWidth;
  });
  assert(overflow <= 0, `main is ${overflow} pixels too wide`);
}

/** Fails if a table has columns out of sight. */
export async function assertTablesFit({ page }: Visitor): Promise<void> {
  const overflows = await page.evaluate(() =>
    [...document.querySelectorAll('.table-frame')].map((frame) => frame.scrollWidth - frame.clientWidth),
  );
  assert(
    overflows.every((overflow) => overflow <= 0),
    `tables are ${overflows.join(', ')} pixels too wide`,
  );
}
