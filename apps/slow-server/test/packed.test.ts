import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FAULTS } from '@concurrent-executors/flags-common/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Program } from './program.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The program and all packages of the workspace that it needs. */
const PACKAGES = [
  'packages/executor',
  'packages/progress',
  'packages/flags-common',
  'apps/slow-server',
];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'slow-server-packed-')));
  for (const path of PACKAGES) await install(path);
});
afterAll(() => rm(folder, { recursive: true }));

/** Installs what would be published, as npm does, but with dependencies of this workspace. */
async function install(path: string): Promise<void> {
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: join(root, path) },
  );
  const [packed] = JSON.parse(stdout) as [Manifest & { filename: string }];
  const target = join(folder, 'node_modules', packed.name);
  await mkdir(target, { recursive: true });
  const tarball = join(folder, packed.filename);
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  const { dependencies = {} } = await readManifest(target);
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith('@concurrent-executors/')) continue;
    const link = join(target, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(installedFolder(name, join(root, path)), link);
  }
}

const installed = () =>
  join(folder, 'node_modules/@concurrent-executors/slow-server');

async function readManifest(path: string): Promise<Manifest> {
  return JSON.parse(
    await readFile(join(path, 'package.json'), 'utf8'),
  ) as Manifest; // npm has accepted it
}

/** The folder of a dependency, which need not export its package.json. */
function installedFolder(name: string, from: string): string {
  const places = createRequire(join(from, 'x')).resolve.paths(name) ?? [];
  const found = places
    .map((place) => join(place, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

it('runs as it would be installed, from another folder', async () => {
  const { bin } = await readManifest(installed());
  const command = join(installed(), bin?.['slow-server'] ?? '');
  expect(await readFile(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);

  await using program = new Program(['LOCAL'], {}, folder, command);
  const url = await program.url('LOCAL');
  const headers = { connection: 'close' };
  const response = await fetch(`${url}/cn/cn.gif`, { headers });
  expect(response.headers.get('content-type')).toBe('image/gif');
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1000);

  await using version = new Program(['--version'], {}, folder, command);
  expect(await version.status()).toBe(0);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('brings the server for tests, as its README shows', async () => {
  const readme = await readFile(join(installed(), 'README.md'), 'utf8');
  const [, program = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: folder },
  );
  expect(stdout).toBe('429 200\ntoo-many 429\nundefined 200\n');
});

it('has a README that tells every kind of fault, and a licence', async () => {
  const readme = await readFile(join(installed(), 'README.md'), 'utf8');
  const documented = [
    ...readme.matchAll(/^\| `([a-z-]+)` +\| ([^|]*?) +\| [^|]+ \|$/gm),
  ].map(([, kind, names]) => `${String(kind)} ${String(names)}`);
  const real = Object.entries(FAULTS).map(([kind, { parameters }]) => {
    const names = Object.entries(parameters).map(([name, { byDefault }]) =>
      byDefault === 'none'
        ? `\`${name}\``
        : `\`${name}\` (${String(byDefault)})`,
    );
    return `${kind} ${names.join(', ')}`;
  });
  expect(documented).toEqual(real);
  expect(await readFile(join(installed(), 'LICENSE'), 'utf8')).toMatch(/^MIT/);
});
