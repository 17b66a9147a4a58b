import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

import { type Gateway, startGateway } from './gateway';

export type Role = 'OWNER' | 'ADMIN' | 'DEVELOPER' | 'ANALYST' | 'SUPPORT' | 'BILLING' | 'MEMBER';

/** Where the console is served from. */
export type Origin = Pick<Gateway, 'url' | 'stop'>;

/** A gateway and a browser that looks at it. */
export interface World<Served extends Origin = Gateway> {
  readonly gateway: Served;
  readonly browser: Browser;
  /** A new tab of a new visitor. */
  open(path: string, how?: Visit): Promise<Visitor>;
  /** Asks the gateway as a program does. */
  ask<Data>(role: Role, query: string, variables?: Record<string, unknown>): Promise<Data>;
  close(): Promise<void>;
}

interface Visit {
  /** Signs in before the page is opened. */
  readonly role?: Role;
  readonly colors?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** A tab, with everything in it that went wrong so far. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Lets requests and messages fail that match, in a test that breaks them on purpose. */
  expectTrouble(pattern: RegExp): void;
  /** Fails if something went wrong: console errors, failed requests, requests to other hosts. */
  assertNoTrouble(): void;
  /** Fails on serious findings of axe. */
  assertAccessible(): Promise<void>;
  /** Writes `screenshots/NAME.png`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const SCREENSHOTS = path.join(here, '../screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const BROWSER = process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium';

export async function startWorld(): Promise<World> {
  return lookAt(await startGateway());
}

/** A browser before what is already served. */
export async function lookAt<Served extends Origin>(gateway: Served): Promise<World<Served>> {
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  return {
    gateway,
    browser,
    open: (at, how = {}) => open(gateway, browser, at, how),
    ask: (role, query, variables) => ask(gateway, role, query, variables),
    async close() {
      await browser.close();
      await gateway.stop();
    },
  };
}

export async function tokenFor(gateway: Origin, role: Role): Promise<string> {
  const response = await fetch(`${gateway.url}/auth/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
  });
  const answer = (await response.json()) as { access_token: string };
  return answer.access_token;
}

async function ask<Data>(
  gateway: Origin,
  role: Role,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor(gateway, role)}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data?: Data; errors?: unknown };
  if (answer.errors !== undefined || answer.data === undefined) throw new Error(JSON.stringify(answer));
  return answer.data;
}

async function open(gateway: Origin, browser: Browser, at: string, how: Visit): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: gateway.url,
    colorScheme: how.colors ?? 'light',
    viewport: { width: how.width ?? 1280, height: how.height ?? 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const troubles = watch(page, gateway.url);
  if (how.role !== undefined) {
    const stored = { token: await tokenFor(gateway, how.role), role: how.role, expiresAt: Date.now() + 3_600_000 };
    await page.addInitScript((value) => {
      if (sessionStorage.getItem('tenon.session') === null) sessionStorage.setItem('tenon.session', value);
    }, JSON.stringify(stored));
  }
  await page.goto(at);
  await page.locator('h1, .state').first().waitFor();
  let expected: RegExp[] = [];
  return {
    page,
    context,
    expectTrouble: (pattern) => {
      expected = [...expected, pattern];
    },
    assertNoTrouble() {
      const unexpected = troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)));
      if (unexpected.length > 0) throw new Error(`trouble in the browser:\n${unexpected.join('\n')}`);
    },
    assertAccessible: () => assertAccessible(page),
    async screenshot(name) {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), animations: 'disabled', caret: 'hide' });
    },
    close: () => context.close(),
  };
}

function watch(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) {
      troubles.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    const local = url.startsWith(origin) || url.startsWith(origin.replace('http', 'ws')) || /^(data|blob):/.test(url);
    if (!local) troubles.push(`foreign request: ${url}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // What the page itself gave up, such as a search that was typed on, has not failed.
    if (reason !== 'net::ERR_ABORTED') troubles.push(`failed request: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`failed request: ${response.url()} ${response.status()}`);
  });
  return troubles;
}

async function assertAccessible(page: Page): Promise<void> {
  // Evaluated from outside of the page, so that its content security policy can stay as it is.
  const { readFile } = await import('node:fs/promises');
  await page.evaluate(await readFile(AXE, 'utf8'));
  const findings = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe };
    const { violations } = await checker.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html.slice(0, 200)}\n    ${node.failureSummary?.replaceAll('\n', ' ')}`).slice(0, 5).join('\n')}`);
  });
  if (findings.length > 0) throw new Error(`axe found:\n${findings.join('\n')}`);
}
