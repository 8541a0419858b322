import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { holdAllButAndorra } from '../holding-server.ts';
import { program, run, start } from '../program.ts';

/** The objects of JSON lines. */
function parseLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // ours are
}

describe('--progress', () => {
  test('codes shows each code as it is saved, and the report', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stdout, stderr } = await run('br cn qq --progress codes', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stdout).toMatch(
      /will be used\.\n(?:BR CN|CN BR) \n-{20}\n2 flags downloaded\.\n1 not found\.\n/,
    );
    expect(stderr).toBe('');
  });

  test('none shows only the report', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stdout, stderr } = await run('br --progress none', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stdout).toContain('will be used.\n-----');
    expect(stderr).toBe('');
  });

  test('bar counts the failures', async () => {
    await using server = await startFlagServer({ errorRate: 1 });
    await using folder = await temporaryFolder();
    const { stderr } = await run('br cn --progress bar', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stderr).toMatch(/100% 2\/2 \[.*, 2 failed\]\n/);
  });
});

test('--log jsonl writes what became of each download, and nothing else', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const { stdout, stderr, status } = await run('br qq --log jsonl -v', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  const outcomes = parseLines(stdout).sort((a, b) =>
    String(a['label']).localeCompare(String(b['label'])),
  );
  expect(outcomes).toEqual([
    {
      label: 'BR',
      url: `${server.url}/br/br.gif`,
      status: 'OK',
      file: 'BR.gif',
      bytes: expect.any(Number) as unknown,
      etag: expect.any(String) as unknown,
      lastModified: expect.any(String) as unknown,
      attempts: 1,
      elapsed: expect.any(Number) as unknown,
    },
    {
      label: 'QQ',
      url: `${server.url}/qq/qq.gif`,
      status: 'NOT_FOUND',
      attempts: 1,
      elapsed: expect.any(Number) as unknown,
    },
  ]);
  expect(stderr).toContain('Searching for 2 flags: BR, QQ\n');
  expect(stderr).toContain('\nBR OK\n');
  expect(stderr).toContain('\n1 flag downloaded.\n1 not found.\n');
  expect(status).toBe(0);
});

test('the manifest tells what each URL came to', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  await run('br qq', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  const path = join(folder.path, 'downloaded/.downloads/manifest.jsonl');
  const lines = parseLines(await readFile(path, 'utf8'));
  expect(lines.map(({ url, status }) => [url, status]).sort()).toEqual([
    [`${server.url}/br/br.gif`, 'OK'],
    [`${server.url}/qq/qq.gif`, 'NOT_FOUND'],
  ]);
});

describe('--har, --timeline and --trace', () => {
  interface Entry {
    readonly _label: string;
    readonly _attempt: number;
    readonly request: { readonly url: string };
    readonly response: { readonly status: number };
    readonly timings: Readonly<Record<string, number>>;
    readonly connection?: string;
  }

  async function entriesOf(folder: string): Promise<readonly Entry[]> {
    const text = await readFile(join(folder, 'run.har'), 'utf8');
    // Another test holds it against the schema.
    return (JSON.parse(text) as { log: { entries: Entry[] } }).log.entries;
  }

  /** What the trace has of each request; another test looks at its rows. */
  async function exchangesOf(folder: string): Promise<readonly string[]> {
    const text = await readFile(join(folder, 'run.json'), 'utf8');
    const { traceEvents } = JSON.parse(text) as {
      traceEvents: {
        name: string;
        cat?: string;
        args: { attempt: number; status: number };
      }[];
    };
    return traceEvents
      .filter(({ cat }) => cat === 'exchange')
      .map(({ name, args }) => [name, args.attempt, args.status].join())
      .sort();
  }

  test('have every request: attempts, redirects and errors, too', async () => {
    await using server = await startFlagServer({
      faults: [
        { kind: 'reset', rate: 0.3 },
        { kind: 'redirect', rate: 0.4, hops: 2 },
      ],
      seed: 'records',
    });
    await using folder = await temporaryFolder();
    await run(
      'a --retries 2 --har run.har --timeline run.html --trace run.json --timeout 60 -m 4',
      {
        cwd: folder.path,
        env: { FLAGS_LOCAL_PORT: String(server.port) },
      },
    );
    const entries = await entriesOf(folder.path);
    expect(new Set(entries.map(({ _label }) => _label)).size).toBe(26);
    const statuses = new Set(entries.map(({ response }) => response.status));
    expect([...statuses].sort()).toEqual([0, 200, 302, 404]);
    expect(Math.max(...entries.map(({ _attempt }) => _attempt))).toBe(3);
    // Connections are opened once, and used again.
    const opened = entries.filter(
      ({ timings }) => Number(timings['connect']) >= 0,
    );
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.length).toBeLessThan(entries.length);
    const connections = new Set(entries.map(({ connection }) => connection));
    expect(connections.size).toBeLessThan(entries.length);
    const page = await readFile(join(folder.path, 'run.html'), 'utf8');
    // Other tests look at it in a browser.
    expect(page).toContain(`"${program.name}"`);
    expect(page).toContain('"AD"');
    expect(await exchangesOf(folder.path)).toEqual(
      entries
        .map(({ _label, _attempt, response }) =>
          [_label, _attempt, response.status].join(),
        )
        .sort(),
    );
  });

  test('are written for a run that is interrupted', async () => {
    await using server = await holdAllButAndorra(200);
    await using folder = await temporaryFolder();
    await using running = start('-v -a --timeout 3600 --har run.har', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    await running.printed('AD OK');
    running.child.kill('SIGINT');
    expect((await running.finished).status).toBe(130);
    const [first] = await entriesOf(folder.path);
    expect(first?._label).toBe('AD');
  });

  test('are refused at the start if they cannot be written', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stdout, stderr, status } = await run(
      '--timeline run.html --trace run.json --har missing/run.har',
      {
        cwd: folder.path,
        env: { FLAGS_LOCAL_PORT: String(server.port) },
      },
    );
    expect(stdout).toBe('');
    expect(await readdir(folder.path)).toEqual(['downloaded']);
    expect(stderr).toBe(
      `${program.name}: error: cannot write ${join(folder.path, 'missing/run.har')}: no such file or directory (ENOENT)\n`,
    );
    expect(status).toBe(1);
  });
});
