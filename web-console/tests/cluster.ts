import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { binary, end, freePort, startProcess } from './gateway';

const NAMES = ['identity', 'files', 'integrations', 'apps', 'customers', 'billing'] as const;
type Name = (typeof NAMES)[number];

const SCHEMAS = fileURLToPath(new URL('../../schema/subgraphs', import.meta.url));

/** The gateway and each subgraph as a process of its own, as they run on a cluster. */
export interface Cluster {
  readonly url: string;
  /** As a machine that is switched off. */
  kill(name: Name): Promise<void>;
  start(name: Name): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const data = await mkdtemp(path.join(tmpdir(), 'tenon-cluster-'));
  const key = await printKeys();
  const url = `http://127.0.0.1:${await freePort()}`;
  const ports = new Map<Name, number>();
  for (const name of NAMES) ports.set(name, await freePort());
  const running = new Map<Name, ChildProcess>();
  const start = async (name: Name) => {
    const listen = `127.0.0.1:${ports.get(name)}`;
    const child = await startProcess(['subgraph', name, 'serve', '--listen', listen], `http://${listen}/health`, {
      ...key('TENON_INTERNAL_KEYS'),
      ...key('TENON_SECRET_KEYS'),
      TENON_PUBLIC_URL: url,
      TENON_DATA_DIR: path.join(data, name),
      TENON_DEMO: 'true',
    });
    running.set(name, child);
  };
  await Promise.all(NAMES.map(start));
  const config = path.join(data, 'tenon.yaml');
  await writeFile(config, configOf(url, ports));
  const gateway = await startProcess(['serve', '--config', config, '--listen', new URL(url).host], `${url}/ready`, {
    ...key('TENON_INTERNAL_SIGNING_KEY'),
  });
  return {
    url,
    start,
    async kill(name) {
      const child = running.get(name);
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      running.delete(name);
    },
    async stop() {
      await Promise.all([gateway, ...running.values()].map(end));
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The secrets that the processes share, by the names of their settings. */
async function printKeys(): Promise<(name: string) => Record<string, string>> {
  const { stdout } = await promisify(execFile)(binary(), ['config', 'keys']);
  return (name) => {
    const value = new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1];
    if (value === undefined) throw new Error(`no ${name} was made`);
    return { [name]: value };
  };
}

function configOf(url: string, ports: ReadonlyMap<Name, number>): string {
  const subgraphs = [...ports].map(
    ([name, port]) =>
      `  ${name}: { url: http://127.0.0.1:${port}/graphql, schema: { file: ${path.join(SCHEMAS, `${name}.graphql`)} } }`,
  );
  return [
    `public_url: ${url}`,
    'subgraphs:',
    ...subgraphs,
    `auth: { issuer: ${url}, jwks: "http://127.0.0.1:${ports.get('identity')}/.well-known/jwks.json" }`,
    'doors: { /auth: identity, /.well-known: identity, /files: files, /hooks: apps }',
    'console: true',
    '',
  ].join('\n');
}
