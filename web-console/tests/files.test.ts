import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import type { BrowserContext, Page } from 'playwright-core';

import { startWorld, type World } from './console';
import { assertFits, assertTablesFit } from './fits';
import { startLine } from './line';
import { tabTo } from './tab-to';

let world: World;
let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tenon-files-'));
  world = await startWorld();
});
after(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

async function onDisk(name: string, bytes: Buffer | string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** Lets the tab send no faster, so that one can watch. */
async function slow(context: BrowserContext, page: Page, uploadThroughput: number): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
}

/** The offsets from which bytes were sent. */
function offsetsSent(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}

const pick = (page: Page, file: string | string[]) => page.getByLabel('Files to upload').setInputFiles(file);
const upload = (page: Page, name: string) => page.getByRole('list', { name: 'Uploads' }).getByRole('listitem').filter({ hasText: name });

async function waitForPercent(page: Page, name: string, least: number): Promise<void> {
  await page.waitForFunction(
    ([label, percent]) =>
      Number(document.querySelector(`[aria-label="${label}"]`)?.getAttribute('aria-valuenow') ?? 0) >= percent,
    [`Upload of ${name}`, least] as const,
  );
}

interface StoredFile {
  readonly contentHash: string;
  readonly size: number;
  readonly name: string;
}

async function storedAs(name: string): Promise<StoredFile> {
  const { files } = await world.ask<{ files: { edges: { node: StoredFile }[] } }>(
    'OWNER',
    '{ files(first: 50) { edges { node { name size contentHash } } } }',
  );
  const found = files.edges.find(({ node }) => node.name === name);
  assert(found !== undefined, `${name} is not there`);
  return found.node;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('files are listed, filtered and shown', async () => {
  const { page, assertAccessible, assertNoTrouble, screenshot, close } = await world.open('/console/files', { role: 'OWNER' });
  await page.getByRole('link', { name: 'prices.csv' }).waitFor();
  await assertAccessible();
  await page.getByLabel('Uploaded by').selectOption({ label: 'Adam Adeyemi' });
  await page.getByRole('heading', { name: 'No files here' }).waitFor();
  assert.match(page.url(), /owner=usr_/);
  await screenshot('files-empty');
  await page.getByLabel('Uploaded by').selectOption('');
  await page.getByRole('link', { name: 'welcome.txt' }).click();
  await page.getByText('This file came with the demo').waitFor();
  await assertAccessible();
  assertNoTrouble();
  await close();
});

test('an upload goes on by itself after the line was cut and the gateway started anew', async () => {
  const { page, context, expectTrouble, assertNoTrouble, assertAccessible, screenshot, close } = await world.open(
    '/console/files',
    { role: 'OWNER' },
  );
  const bytes = randomBytes(9_000_000);
  const file = await onDisk('holiday in the mountains.raw', bytes);
  const line = await startLine(world.gateway.url);
  expectTrouble(new RegExp(line.url));
  await page.goto(`${line.url}/console/files`);
  const offsets = offsetsSent(page);
  await slow(context, page, 3_000_000);
  await pick(page, file);
  await waitForPercent(page, 'holiday in the mountains.raw', 40);
  await slow(context, page, 50_000);
  await screenshot('files-uploading');
  await assertAccessible();
  await slow(context, page, 3_000_000);
  await waitForPercent(page, 'holiday in the mountains.raw', 70);
  line.cut();
  await upload(page, 'holiday').getByText('Connection lost, trying again').waitFor();
  await screenshot('files-interrupted');
  await world.gateway.restart();
  line.mend();
  await upload(page, 'holiday').getByText('Uploaded', { exact: true }).waitFor();
  await page.getByRole('table').getByRole('link', { name: 'holiday in the mountains.raw' }).waitFor();
  assert.equal(offsets[0], 0);
  assert((offsets.at(-1) ?? 0) >= 4_000_000, `it went on at ${offsets.at(-1)}`);
  assert.equal((await storedAs('holiday in the mountains.raw')).contentHash, sha256(bytes));
  assertNoTrouble();
  await close();
  await line.close();
});

test('an upload pauses, survives a reload, and goes on with the same file', async () => {
  const { page, context, assertNoTrouble, screenshot, close } = await world.open('/console/files', { role: 'OWNER' });
  const bytes = randomBytes(9_000_000);
  const file = await onDisk('measurements.bin', bytes);
  const other = await onDisk('other.bin', 'something else');
  await slow(context, page, 3_000_000);
  await pick(page, file);
  await waitForPercent(page, 'measurements.bin', 60);
  await page.getByRole('button', { name: 'Pause measurements.bin' }).click();
  await upload(page, 'measurements.bin').getByText('Paused').waitFor();
  await page.reload();
  await upload(page, 'measurements.bin').getByText('Choose the file again to go on').waitFor();
  await waitForPercent(page, 'measurements.bin', 40);
  await screenshot('files-reloaded');
  await page.getByLabel('measurements.bin again', { exact: true }).setInputFiles(other);
  await page.getByText('That is not the measurements.bin').waitFor();
  await slow(context, page, -1);
  const offsets = offsetsSent(page);
  await page.getByLabel('measurements.bin again', { exact: true }).setInputFiles(file);
  await upload(page, 'measurements.bin').getByText('Uploaded', { exact: true }).waitFor();
  assert((offsets[0] ?? 0) >= 4_000_000, `it went on at ${offsets[0]}`);
  assert.equal((await storedAs('measurements.bin')).contentHash, sha256(bytes));
  await page.reload();
  assert.equal(await page.evaluate(() => localStorage.getItem('tenon.uploads')), null);
  assertNoTrouble();
  await close();
});

test('types and bytes that are not as they should be are refused with a reason', async () => {
  const { page, expectTrouble, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/files', { role: 'OWNER' });
  await page.getByRole('button', { name: 'New collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New collection' });
  await dialog.getByLabel('Short name').fill('Pictures!');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('[aria-invalid]').waitFor();
  await screenshot('files-collection');
  await assertAccessible();
  await dialog.getByLabel('Short name').fill('pictures');
  await dialog.getByLabel('Admitted types').fill('image/png, image/jpeg');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Created the collection pictures').waitFor();
  await page.getByLabel('Into the collection').selectOption({ label: 'pictures' });
  await pick(page, await onDisk('notes.txt', 'no picture'));
  await upload(page, 'notes.txt').getByText('Refused').waitFor();
  expectTrouble(/415|422/);
  await pick(page, await onDisk('pretends.png', 'no picture either'));
  await upload(page, 'pretends.png').getByText('Refused').waitFor();
  await page.getByLabel('Into the collection').selectOption({ label: 'documents' });
  await page.route('**/files/uploads/**', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    return route.continue({ postData: Buffer.from('what the line made of it') });
  });
  await pick(page, await onDisk('broken-on-the-way.txt', 'what was really sent  :)'));
  await upload(page, 'broken-on-the-way.txt').getByText('Refused').waitFor();
  await screenshot('files-refused');
  await assertAccessible();
  assertNoTrouble();
  await close();
});

test('files are dropped, seen, shared by a link that ends, changed and deleted', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/files', { role: 'OWNER' });
  const dropped = await page.evaluateHandle(async () => {
    const canvas = new OffscreenCanvas(640, 360);
    const drawing = canvas.getContext('2d');
    if (drawing === null) throw new Error('a canvas draws');
    const sky = drawing.createLinearGradient(0, 0, 0, 360);
    sky.addColorStop(0, '#1b4dd8');
    sky.addColorStop(1, '#f7c873');
    drawing.fillStyle = sky;
    drawing.fillRect(0, 0, 640, 360);
    const transfer = new DataTransfer();
    transfer.items.add(new File([await canvas.convertToBlob()], 'sunset.png', { type: 'image/png' }));
    return transfer;
  });
  await page.getByLabel('Into the collection').selectOption({ label: 'documents' });
  await page.getByText('Drop files here').dispatchEvent('drop', { dataTransfer: dropped });
  await upload(page, 'sunset.png').getByRole('link', { name: 'sunset.png' }).click();
  await page.getByRole('img', { name: 'sunset.png' }).waitFor();
  await page.getByLabel('Valid for').selectOption({ label: '1 hour' });
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByText(/^Ends .*, in 59 min/).waitFor();
  await assertAccessible();
  await page.getByRole('button', { name: 'Copy the link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const answer = await fetch(link);
  assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), (await storedAs('sunset.png')).contentHash);
  await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 0));
  await screenshot('files-one');

  await page.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit the file' });
  await edit.getByLabel('Metadata').fill('{ "broken');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.getByText('This is not JSON.').waitFor();
  await edit.getByLabel('Metadata').fill('{ "taken": "in Rome" }');
  await edit.getByLabel('Name').fill('');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.locator('input[aria-invalid]').waitFor();
  await edit.getByLabel('Name').fill('evening.png');
  await edit.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'evening.png' }).waitFor();
  await page.getByText('"taken": "in Rome"').waitFor();

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  assert.equal((await downloading).suggestedFilename(), 'evening.png');

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/console/files');
  await page.getByText('Deleted evening.png').waitFor();
  await page.getByRole('table').getByRole('link', { name: 'evening.png' }).waitFor({ state: 'detached' });
  assert.equal((await fetch(link)).status, 404);
  assertNoTrouble();
  await close();
});

test('markup is shown as text, and nothing in it runs', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/files', { role: 'OWNER' });
  await page.getByLabel('Into the collection').selectOption({ label: 'documents' });
  await pick(page, await onDisk('page.html', '<script>document.title = "run"</script><h1>Hello</h1>'));
  await upload(page, 'page.html').getByRole('link').click();
  await page.getByText('<h1>Hello</h1>').waitFor();
  assert.notEqual(await page.title(), 'run');
  assertNoTrouble();
  await close();
});

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>`;

test('a PDF is opened in a tab of its own, also by who may not share it', async () => {
  const owner = await world.open('/console/files', { role: 'OWNER' });
  await owner.page.getByLabel('Into the collection').selectOption({ label: 'documents' });
  await pick(owner.page, await onDisk('contract.pdf', PDF));
  await upload(owner.page, 'contract.pdf').getByRole('link').waitFor();
  await owner.close();
  const { page, context, assertNoTrouble, close } = await world.open('/console/files', { role: 'MEMBER' });
  await page.getByRole('link', { name: 'contract.pdf' }).click();
  const opening = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open the PDF in a new tab' }).click();
  const opened = await opening;
  await opened.waitForURL(/^blob:/);
  assertNoTrouble();
  await close();
});

test('the keyboard is enough to upload', async () => {
  const { page, assertNoTrouble, close } = await world.open('/console/files', { role: 'OWNER' });
  await page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  await page.getByLabel('Into the collection').focus();
  await page.keyboard.type('documents');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  // Early: the browser hands its dialogs over only some time after it was asked to.
  const choosing = page.waitForEvent('filechooser');
  await tabTo(page, 'Choose files');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles(await onDisk('typed.txt', 'by keyboard'));
  await upload(page, 'typed.txt').getByText('Uploaded', { exact: true }).waitFor();
  assertNoTrouble();
  await close();
});

test('who may only read sees files and no way to change them', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/files', { role: 'MEMBER' });
  await page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  assert.equal(await page.getByText('Drop files here').count(), 0);
  await assertAccessible();
  await screenshot('files-read-only');
  await page.getByRole('link', { name: 'welcome.txt' }).click();
  await page.getByText('This file came with the demo').waitFor();
  for (const name of ['Edit', 'Delete', 'Make a link']) assert.equal(await page.getByRole('button', { name }).count(), 0);
  await page.getByRole('button', { name: 'Download' }).waitFor();
  assertNoTrouble();
  await close();
});

test('who is nobody is asked to sign in', async () => {
  const { page, assertNoTrouble, assertAccessible, screenshot, close } = await world.open('/console/files');
  await page.getByRole('button', { name: 'Sign in as owner' }).waitFor();
  await screenshot('files-signed-out');
  await page.getByRole('button', { name: 'Sign in as owner' }).click();
  await page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  await assertAccessible();
  assertNoTrouble();
  await close();
});

test('a long name and type fit, on every window', async () => {
  const name = `${'Wolfeschlegelsteinhausenbergerdorff'.repeat(5)}.txt`;
  const wide = await world.open('/console/files', { role: 'OWNER' });
  await wide.page.getByLabel('Into the collection').selectOption({ label: 'documents' });
  await pick(wide.page, await onDisk(name, 'a long name'));
  await upload(wide.page, name).getByText('Uploaded', { exact: true }).waitFor();
  await wide.page.getByRole('table').getByRole('link', { name }).waitFor();
  await wide.screenshot('files-long');
  for (const width of [1440, 1280, 768, 390]) {
    await wide.page.setViewportSize({ width, height: 800 });
    await assertFits(wide);
    await assertTablesFit(wide);
  }
  await wide.close();
  const narrow = await world.open('/console/files', { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('link', { name }).click();
  await narrow.page.getByText('a long name', { exact: true }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.page.getByRole('button', { name: 'Delete' }).click();
  await narrow.assertAccessible();
  await narrow.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await narrow.page.waitForURL('**/console/files');
  narrow.assertNoTrouble();
  await narrow.close();
});

test('it is at home in the dark and in narrow windows', async () => {
  const light = await world.open('/console/files', { role: 'OWNER' });
  await light.page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  await light.screenshot('files');
  await light.close();
  const dark = await world.open('/console/files', { role: 'OWNER', colors: 'dark' });
  await dark.page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  await dark.assertAccessible();
  await dark.screenshot('files-dark');
  await dark.close();
  const narrow = await world.open('/console/files', { role: 'OWNER', width: 390 });
  await narrow.page.getByRole('link', { name: 'welcome.txt' }).waitFor();
  await assertFits(narrow);
  await narrow.assertAccessible();
  await narrow.screenshot('files-narrow');
  await narrow.page.getByRole('link', { name: 'welcome.txt' }).click();
  await narrow.page.getByText('This file came with the demo').waitFor();
  await narrow.assertAccessible();
  await narrow.screenshot('files-one-narrow');
  narrow.assertNoTrouble();
  await narrow.close();
});
