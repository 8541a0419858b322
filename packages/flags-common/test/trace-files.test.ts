import { execFile } from 'node:child_process';
import {
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExchangeTraceFile } from '../src/trace/exchange-trace-file.ts';
import { HarFile } from '../src/trace/har-file.ts';
import { TimelineFile } from '../src/trace/timeline-file.ts';
import { trace } from './example-traces.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Code for a process that writes `COUNT` exchanges, one a second, into `FILE`, then does `END`. */
const WRITER = `
  const { HarFile } = await import(process.env.MODULES + 'har-file.js');
  const { ExchangeTraceFile } = await import(process.env.MODULES + 'exchange-trace-file.js');
  const { TimelineFile } = await import(process.env.MODULES + 'timeline-file.js');
  const { KIND, FILE, TRACE, COUNT, END } = process.env;
  const file = KIND === 'HAR'
    ? new HarFile(FILE, { name: 'test', version: '1' })
    : KIND === 'trace'
      ? new ExchangeTraceFile(FILE, 'test')
      : new TimelineFile(FILE, 'test');
  const trace = JSON.parse(TRACE);
  for (let i = 0; i < Number(COUNT); i += 1) {
    file.add({ ...trace, startedAt: trace.startedAt + i * 1000 });
  }
  if (END === 'kill') process.kill(process.pid, 'SIGKILL');
  try {
    file.close();
    console.log('whole');
  } catch (error) {
    console.log(error.code, error.message);
  }
`;

interface WriterOptions {
  readonly kind: string;
  readonly path: string;
  readonly count: number;
  readonly end?: 'close' | 'kill';
  /** Commands for the shell that starts the process. */
  readonly before?: string;
  readonly nodeOptions?: string;
}

/** What the process printed, or the signal that ended it. */
function runWriter(options: WriterOptions): Promise<string> {
  const { kind, path, count, end = 'close', before = ':' } = options;
  return new Promise((resolve) => {
    execFile(
      'sh',
      [
        '-c',
        `${before}; exec "$0" "$@"`,
        process.execPath,
        '--input-type=module',
        '--eval',
        WRITER,
      ],
      {
        env: {
          ...process.env,
          MODULES: new URL('../dist/trace/', import.meta.url).href,
          KIND: kind,
          FILE: path,
          TRACE: JSON.stringify(trace()),
          COUNT: String(count),
          END: end,
          NODE_OPTIONS: options.nodeOptions ?? '',
        },
      },
      (error, stdout, stderr) => {
        resolve(error?.signal ?? (stdout + stderr).trim());
      },
    );
  });
}

describe.for([
  [
    'HAR',
    (path: string) => new HarFile(path, { name: 'test', version: '1' }),
    /^\{"log":.*\}\n$/s,
  ],
  [
    'timeline',
    (path: string) => new TimelineFile(path, 'test'),
    /^<!doctype html>.*<\/html>\n$/s,
  ],
  [
    'trace',
    (path: string) => new ExchangeTraceFile(path, 'test'),
    /^\{.*"traceEvents":\[.*\]\}\n$/s,
  ],
] as const)('%s file', ([kind, create, whole]) => {
  test('replaces an older file when it is whole, not before', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    await writeFile(path, 'older');
    using file = create(path);
    for (let count = 0; count < 1000; count += 1) file.add(trace());
    expect(await readFile(path, 'utf8')).toBe('older');
    file.close();
    expect(await readFile(path, 'utf8')).toMatch(whole);
    expect(await readdir(folder.path)).toEqual(['run']);
  });

  test('leaves nothing when it is abandoned', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    const file = create(path);
    file.add(trace());
    expect(await readdir(folder.path)).toHaveLength(1);
    file[Symbol.dispose]();
    expect(await readdir(folder.path)).toEqual([]);
    // The traces of exchanges that end later do no harm.
    file.add(trace());
    file[Symbol.dispose]();
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('ignores what comes after its end', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    const file = create(path);
    file.close();
    const text = await readFile(path, 'utf8');
    file.add(trace());
    file.close();
    file[Symbol.dispose]();
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('refuses at once what cannot be written', async () => {
    await using folder = await temporaryFolder();
    const missing = join(folder.path, 'missing', 'run');
    await mkdir(join(folder.path, 'folder'));
    await writeFile(join(folder.path, 'file'), '');
    for (const [path, message] of [
      [missing, `cannot write ${missing}: no such file or directory (ENOENT)`],
      [
        join(folder.path, 'file', 'run'),
        `cannot write ${join(folder.path, 'file', 'run')}: not a directory (ENOTDIR)`,
      ],
      [
        join(folder.path, 'folder'),
        `cannot write ${join(folder.path, 'folder')}: something that is not a file is there`,
      ],
      [
        '/dev/null',
        'cannot write /dev/null: something that is not a file is there',
      ],
    ] as const) {
      expect(() => create(path)).toThrow(
        expect.objectContaining({ code: 'ERR_FILE_WRITE', message }),
      );
    }
    expect(await readdir(folder.path)).toEqual(['file', 'folder']);
  });

  test('keeps a symbolic link and replaces its target', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'inner'));
    const target = join(folder.path, 'inner', 'run');
    await writeFile(target, 'older');
    const link = join(folder.path, 'link');
    await symlink(target, link);
    create(link).close();
    expect(await readlink(link)).toBe(target);
    expect(await readFile(target, 'utf8')).toMatch(whole);
  });

  test('tells at its end that its folder has gone', async () => {
    await using folder = await temporaryFolder();
    const inner = join(folder.path, 'inner');
    await mkdir(inner);
    using file = create(join(inner, 'run'));
    await rm(inner, { recursive: true });
    expect(() => {
      file.close();
    }).toThrow(expect.objectContaining({ code: 'ERR_FILE_WRITE' }));
  });

  test('a full disk is one error, and nothing is left', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    // The limit for the size of a file stands for that of the disk.
    const before = 'ulimit -f 256';
    expect(await runWriter({ kind, path, count: 5000, before })).toBe(
      `ERR_FILE_WRITE cannot write ${path}: file too large (EFBIG)`,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('a killed process leaves no file of that name', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    expect(await runWriter({ kind, path, count: 5000, end: 'kill' })).toBe(
      'SIGKILL',
    );
    expect(await readdir(folder.path)).toEqual([
      expect.stringMatching(/^\..*\.part$/),
    ]);
  });

  test('needs no more memory for more exchanges', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'run');
    // Several times as many characters as there is memory.
    const nodeOptions = '--max-old-space-size=16';
    expect(await runWriter({ kind, path, count: 100_000, nodeOptions })).toBe(
      'whole',
    );
  });
});
