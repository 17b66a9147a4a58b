import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Page, WebSocketRoute } from 'playwright-core';

import { coldLoad } from './cold-load';
import { startWorld, type World } from './console';
import { sendMessage } from './webhook';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.close());

const events = (page: Page) => page.getByRole('listbox', { name: 'Events, newest first' });
const rows = (page: Page) => page.locator('.virtual-row');
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });
const isLive = (page: Page) => page.getByRole('status').getByText('Live', { exact: true }).waitFor();

test('a test event arrives, with its payload', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/live', { role: 'OWNER' });
  await isLive(page);
  await assertAccessible();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await row(page, 'console.test').first().click();
  await page.getByText('Test event 1 from the console').waitFor();
  await page.getByRole('button', { name: 'Send a test upload' }).click();
  await page.getByRole('progressbar', { name: 'Upload of console-test.txt' }).waitFor();
  await page.locator('.live-upload').getByText('Complete').waitFor();
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '100');
  await row(page, 'console-test.txt').waitFor();
  await assertAccessible();
  await screenshot('live');
  assertNoTrouble();
  await close();
});

test('events are filtered by words and by kind', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/live', { role: 'OWNER' });
  await isLive(page);
  await sendMessage(world.gateway, 'A rare parrot');
  await sendMessage(world.gateway, 'A common sparrow');
  await row(page, 'A common sparrow').waitFor();
  await page.getByRole('searchbox', { name: 'Filter events' }).fill('rare message');
  await row(page, 'A rare parrot').waitFor();
  assert.equal(await rows(page).count(), 1);
  await page.getByRole('searchbox', { name: 'Filter events' }).fill('no such thing');
  await page.getByText('No event is like that').waitFor();
  await page.getByRole('searchbox', { name: 'Filter events' }).fill('');
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  assert.equal(await row(page, 'message.received').count(), 0);
  assertNoTrouble();
  await close();
});

test('a pause holds what is shown and says how much waits', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/live', { role: 'OWNER' });
  await isLive(page);
  await row(page, 'message.received').first().waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await sendMessage(world.gateway, 'While you were away');
  await page.getByRole('button', { name: 'Go on (1 new)' }).waitFor();
  assert.equal(await row(page, 'While you were away').count(), 0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await row(page, 'While you were away').waitFor();
  assertNoTrouble();
  await close();
});

test('an interruption leaves no gap, and the page says so', async () => {
  const { page, assertNoTrouble, screenshot, close } = await world.open('/console/live', { role: 'OWNER' });
  await isLive(page);
  await sendMessage(world.gateway, 'Before the interruption');
  await row(page, 'Before the interruption').waitFor();
  let open: WebSocketRoute | undefined;
  let isDown = false;
  await page.routeWebSocket('**/graphql', (socket) => {
    if (isDown) return void socket.close({ code: 1013, reason: 'down' });
    open = socket;
    socket.connectToServer();
    return undefined;
  });
  // The socket of before was opened past the route.
  await page.reload();
  await isLive(page);
  await sendMessage(world.gateway, 'The last one seen');
  await row(page, 'The last one seen').waitFor();
  isDown = true;
  await open?.close({ code: 1012, reason: 'restarting' });
  await page.getByText('Connection lost').waitFor();
  for (const number of [1, 2, 3]) await sendMessage(world.gateway, `Missed ${number}`);
  await screenshot('live-lost');
  isDown = false;
  for (const number of [1, 2, 3]) await row(page, `Missed ${number}`).waitFor();
  await row(page, 'caught up with 3 events, no gap').waitFor();
  assert.equal(await row(page, 'The last one seen').count(), 1);
  assertNoTrouble();
  await close();
});

test('a restart of the gateway is survived', async () => {
  const { page, expectTrouble, assertNoTrouble, close } = await world.open('/console/live', { role: 'OWNER' });
  expectTrouble(/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/);
  await isLive(page);
  await sendMessage(world.gateway, 'Before the restart');
  await row(page, 'Before the restart').waitFor();
  await world.gateway.restart();
  await sendMessage(world.gateway, 'After the restart');
  await row(page, 'After the restart').waitFor();
  await row(page, 'no gap').waitFor();
  assertNoTrouble();
  await close();
});

test('ten thousand events a minute do not slow the page', async (context) => {
  const { page, assertNoTrouble, screenshot, close } = await world.open('/console/explore');
  const flood = new AbortController();
  context.after(() => flood.abort());
  await page.routeWebSocket('**/graphql', (socket) => floodOf(socket, flood.signal));
  await page.getByLabel('Signed in as').selectOption('OWNER');
  await page.getByRole('link', { name: 'Live' }).click();
  await isLive(page);
  const frames = await page.evaluate(async () => {
    const gaps: number[] = [];
    const end = performance.now() + 4000;
    for (let before = performance.now(); before < end; ) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
      gaps.push(now - before);
      before = now;
    }
    return { count: gaps.length, longest: Math.max(...gaps) };
  });
  context.diagnostic(`${frames.count} frames in 4 s, the longest took ${Math.round(frames.longest)} ms`);
  assert.ok(frames.count > 60, `only ${frames.count} frames in 4 s`);
  assert.ok(frames.longest < 700, `a frame took ${frames.longest} ms`);
  assert.ok((await rows(page).count()) < 60, 'only the rows that are seen exist');
  await page.getByText('5,000 shown, newest first').waitFor({ timeout: 60_000 });
  // Who reads further down is not moved by what comes.
  await page.getByRole('button', { name: 'Pause' }).click();
  await screenshot('live-flood');
  assertNoTrouble();
  await close();
});

/**
 * Answers subscriptions to webhooks with 400 events a second, 24,000 a minute, until it is ended:
 * a socket whose page is closed says nothing, and its timer would keep the process.
 */
function floodOf(socket: WebSocketRoute, ended: AbortSignal): void {
  let number = 0;
  socket.onMessage((text) => {
    const message = JSON.parse(text.toString()) as { type: string; id: string; payload?: { query?: string } };
    if (message.type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
    if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
    if (message.type !== 'subscribe' || message.payload?.query?.includes('webhookReceived') !== true) return;
    const timer = setInterval(() => {
      for (let each = 0; each < 20; each += 1) {
        number += 1;
        const node = {
          id: `e${number}`,
          type: 'message.received',
          channel: 'MESSENGER',
          receivedAt: new Date().toISOString(),
          app: { id: 'a', name: 'A shop' },
          sender: { value: `${number % 97}` },
          message: { text: `Message ${number}` },
        };
        const data = { webhookReceived: { cursor: `${number}`, node } };
        socket.send(JSON.stringify({ type: 'next', id: message.id, payload: { data } }));
      }
    }, 50);
    ended.addEventListener('abort', () => clearInterval(timer));
  });
}

test('the list is used with the keyboard', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/live', { role: 'OWNER' });
  await row(page, 'message.received').first().waitFor();
  await events(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator('[aria-selected=true]').getAttribute('aria-posinset'), '2');
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  assert.equal(await page.locator('[aria-selected=true]').getAttribute('aria-posinset'), '1');
  assertNoTrouble();
  await close();
});

test('who is not signed in is asked to, and sees events at once', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/live');
  await page.getByRole('heading', { name: 'Sign in to see this' }).waitFor();
  await assertAccessible();
  await screenshot('live-signed-out');
  await page.getByRole('button', { name: 'Sign in as owner' }).click();
  await isLive(page);
  await row(page, 'message.received').first().waitFor();
  assertNoTrouble();
  await close();
});

test('who may not see webhook events sees the changes of files, and is told', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/live', { role: 'MEMBER' });
  await isLive(page);
  await row(page, 'Your role may not see webhook events').waitFor();
  for (const name of ['Send a test event', 'Send a test upload']) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, 'what one may not do is not offered');
  }
  await sendMessage(world.gateway, 'Not for members');
  await assertAccessible();
  await screenshot('live-refused');
  assert.equal(await row(page, 'Not for members').count(), 0);
  await page.setViewportSize({ width: 375, height: 812 });
  const cut = await page.locator('.live-note').evaluate((note) => [
    note.scrollWidth - note.clientWidth,
    note.scrollHeight - (note.parentElement?.clientHeight ?? 0),
  ]);
  assert(cut.every((pixels) => pixels <= 0), `${cut.join(', ')} pixels of the note are cut off`);
  assertNoTrouble();
  await close();
});

test('it is dark in the dark, and fits a telephone', async () => {
  const dark = await world.open('/console/live', { role: 'OWNER', colors: 'dark' });
  await row(dark.page, 'message.received').first().click();
  await dark.page.locator('.live-payload').waitFor();
  await dark.assertAccessible();
  await dark.screenshot('live-dark');
  dark.assertNoTrouble();
  await dark.close();

  const narrow = await world.open('/console/live', { role: 'OWNER', width: 390 });
  await row(narrow.page, 'message.received').first().waitFor();
  await narrow.assertAccessible();
  assert.equal(await narrow.page.locator('main').evaluate((main) => main.scrollWidth > main.clientWidth), false);
  await narrow.screenshot('live-narrow');
  narrow.assertNoTrouble();
  await narrow.close();
});

test('it loads in under 120 kB, and paints in under a second', async (context) => {
  const loads = [];
  for (let round = 0; round < 3; round += 1) loads.push(await coldLoad(world, '/console/live'));
  const [first] = loads;
  const paint = Math.min(...loads.map(({ firstPaintMs }) => firstPaintMs));
  context.diagnostic(`${first?.bytes} bytes, first paint after ${Math.round(paint)} ms`);
  assert.ok((first?.bytes ?? Number.POSITIVE_INFINITY) < 120_000);
  assert.ok(paint < 1000);
});
