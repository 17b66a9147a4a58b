import type { World } from './console';

export interface ColdLoad {
  /** What came over the wire of the console itself, compressed: page, scripts, styles, fonts, workers. */
  readonly bytes: number;
  readonly firstPaintMs: number;
}

/**
 * Opens a page with an empty cache, until nothing has been asked for in a while; `last` are files
 * that it asks for late.
 */
export async function coldLoad(world: World, path: string, last: readonly string[] = []): Promise<ColdLoad> {
  const context = await world.browser.newContext({ baseURL: world.gateway.url });
  const page = await context.newPage();
  const urls = new Set<string>();
  page.on('request', (request) => urls.add(request.url()));
  const late = last.map((name) => page.waitForRequest((request) => request.url().includes(name)));
  await page.goto(path);
  await Promise.all(late);
  await page.waitForLoadState('networkidle');
  const firstPaintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  const own = [...urls].filter((url) => new URL(url).pathname.startsWith('/console'));
  const sizes = await Promise.all(own.map(compressedSize));
  await context.close();
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), firstPaintMs };
}

/** The browser does not tell what a worker's script weighed, so each file is asked for once more. */
async function compressedSize(url: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': 'br, gzip' } }, (response) => {
      let size = 0;
      response.on('data', (bytes: Buffer) => {
        size += bytes.length;
      });
      response.on('end', () => resolve(size));
    });
    asked.on('error', reject);
    asked.end();
  });
}
