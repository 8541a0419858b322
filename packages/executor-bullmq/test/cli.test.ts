import {
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { add, passGate } from './fixtures/tasks.mjs';
import { makeGate } from './support/gate.ts';
import { keysLeft } from './support/redis-keys.ts';
import { makeRunLog } from './support/run-log.ts';
import { runProgram } from './support/run-program.ts';
import { until } from './support/until.ts';
import {
  launchWorker,
  startWorker,
} from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;
const tasksFile = fileURLToPath(tasks);

/** Nobody listens there. */
const nowhere = 'unix:/nowhere/redis.sock';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'executor-worker-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A module in a package of its own. */
function makeModule(text: string): string {
  const folder = makeFolder();
  writeFileSync(
    join(folder, 'package.json'),
    '{"name":"made-for-test","version":"1.2.3","type":"module"}',
  );
  const file = join(folder, 'tasks.js');
  writeFileSync(file, text);
  return file;
}

describe('executor-worker: its command line', () => {
  test('--help', async () => {
    const { status, stdout, stderr } = await runProgram(['--help']);
    expect([status, stderr]).toEqual([0, '']);
    for (const word of [
      '--modules',
      '--redis',
      '--hmac-key-file',
      '--connect-timeout',
      'REDIS_PASSWORD',
      'EXECUTOR_HMAC_KEY',
      'SIGTERM',
      'Exit status',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test('--version', async () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { version: string }; // our own
    expect(await runProgram(['--version'])).toEqual({
      status: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });

  const complete = ['--redis', nowhere, '--modules', tasksFile];
  test.each([
    [[], /'--modules/],
    [['--modules', tasksFile], /'--redis/],
    [[...complete, '--bogus'], /--bogus/],
    [[...complete, '--concurrency', '0'], /at least 1/],
    [[...complete, '--concurrency', '1.5'], /at least 1/],
    [[...complete, '--drain-timeout', '-1'], /--drain-timeout|Expected/],
    [[...complete, '--drain-timeout', '1e3'], /Expected seconds/],
    [[...complete, '--health-interval', '9999999'], /Expected seconds/],
    [[...complete, '--lock-duration', '0'], /at least 0.1/],
    [[...complete, '--connect-timeout', 'soon'], /Expected seconds/],
    [[...complete, '--namespace', 'a b'], /namespace must be/],
    [[...complete, '--hmac-key-file', '/nowhere/key'], /cannot be read/],
    [[...complete, '--tls-ca', tasksFile], /rediss:/],
    [['--redis', 'http://x', '--modules', tasksFile], /redis must be a URL/],
    [['--redis', nowhere, '--modules', './nowhere.js'], /no module .*nowhere/],
  ] as const)('%j is refused', async (args, reason) => {
    const { status, stdout, stderr } = await runProgram(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^executor-worker: error: [^\n]*\n$/);
    expect(stderr).toMatch(reason);
  });

  test('a key that is too short is refused', async () => {
    const { status, stderr } = await runProgram(complete, {
      EXECUTOR_HMAC_KEY: 'too short',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^[^\n]*at least 16 bytes[^\n]*\n$/);
  });

  test.each([
    [
      'throws',
      `throw new Error('first line\\nsecond line')`,
      /first line second line/,
    ],
    ['is no JavaScript', `export const =`, /Unexpected token/],
    ['imports what is not there', `import './gone.js'`, /gone\.js/],
  ])('a module that %s', async (_what, text, reason) => {
    const { status, stdout, stderr } = await runProgram([
      '--redis',
      nowhere,
      '--modules',
      makeModule(text),
    ]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^executor-worker: [^\n]*\n$/);
    expect(stderr).toMatch(reason);
  });

  test('a module in no package', async () => {
    const folder = makeFolder();
    const file = join(folder, 'tasks.mjs');
    writeFileSync(file, '');
    const { status, stderr } = await runProgram([
      '--redis',
      nowhere,
      '--modules',
      file,
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^executor-worker: the module [^\n]* is in no package: add a package.json[^\n]*\n$/,
    );
  });

  test('a package.json that is no JSON', async () => {
    const file = makeModule('');
    writeFileSync(join(file, '../package.json'), '{');
    const { status, stderr } = await runProgram([
      '--redis',
      nowhere,
      '--modules',
      file,
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^executor-worker: [^\n]*package.json,[^\n]* cannot be read[^\n]*\n$/,
    );
  });

  test('Redis is not there, and the password is not told', async () => {
    const { status, stdout, stderr } = await runProgram([
      '--redis',
      'redis://somebody:geheim@127.0.0.1:1/0',
      '--connect-timeout',
      '0.2',
      '--modules',
      tasksFile,
    ]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'executor-worker: redis://127.0.0.1:1/0 does not answer: connect ECONNREFUSED 127.0.0.1:1\n',
    );
  });
});

describe.skipIf(executable === undefined)('executor-worker: its life', () => {
  test('a password from the environment; a wrong one is refused at once', async () => {
    await using redis = await startRedis(
      executable ?? '',
      '--requirepass geheim',
    );
    const args = ['--modules', tasksFile, '--connect-timeout', '1000'];
    const wrong = await runProgram(args, {
      REDIS_URL: redis.url,
      REDIS_PASSWORD: 'falsch',
    });
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toBe('');
    expect(wrong.stderr).toMatch(
      /^executor-worker: unix:[^\n]* refuses: WRONGPASS[^\n]*\n$/,
    );
    expect(wrong.stderr).not.toContain('falsch');
    const none = await runProgram(args, { REDIS_URL: redis.url });
    expect(none.status).toBe(1);
    expect(none.stderr).toMatch(/^[^\n]* refuses: NOAUTH[^\n]*\n$/);

    process.env['REDIS_PASSWORD'] = 'geheim';
    onTestFinished(() => {
      delete process.env['REDIS_PASSWORD'];
    });
    await using worker = await startWorker(redis.url, [tasksFile]);
    await using executor = new BullMQExecutor({
      redis: redis.url,
      password: 'geheim',
    });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(worker.lines.join('\n')).not.toContain('geheim');
  });

  test('a refused password is in no error', async () => {
    await using redis = await startRedis(
      executable ?? '',
      '--requirepass geheim',
    );
    await using executor = new BullMQExecutor({
      redis: redis.url,
      password: 'falsch',
    });
    const error = await executor.submit(add, 1, 2).exception();
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    expect(shown).toContain('WRONGPASS');
    expect(shown).not.toContain('falsch');
  });

  test('lines as JSON', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = launchWorker(
      ...['--redis', redis.url, '--modules', tasksFile, tasksFile, '--json'],
      ...['--health-interval', '0.1', '--concurrency', '1'],
    );
    await worker.line(/"health"/);
    await using executor = new BullMQExecutor({ redis: redis.url });
    await executor.submit(add, 1, 2);
    await worker.line(/"health".*"done":1/);
    expect(await worker.end('SIGTERM')).toBe(0);
    const lines = worker.lines.map((line) => JSON.parse(line) as unknown);
    const time = expect.any(String) as unknown;
    expect(lines[0]).toEqual({
      event: 'ready',
      served: [
        {
          module:
            '@concurrent-executors/executor-bullmq/test/fixtures/tasks.mjs',
          version: '0.1.0',
          queue: 'tasks.mjs@0.1.0-af091ca4',
        },
      ],
      concurrency: 1,
      time,
    });
    expect(lines).toContainEqual({
      event: 'health',
      connected: true,
      running: 0,
      waiting: 0,
      done: 1,
      failed: 0,
      time,
    });
    expect(lines.slice(-2)).toEqual([
      { event: 'stopping', running: 0, seconds: 30, time },
      { event: 'stopped', done: 1, failed: 0, time },
    ]);
  });

  test('a module behind a symbolic link is the same module', async () => {
    await using redis = await startRedis(executable ?? '');
    const link = join(makeFolder(), 'link.mjs');
    symlinkSync(tasksFile, link);
    await using worker = await startWorker(redis.url, [link]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('after SIGTERM the task that runs ends, and nothing stays behind', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(passGate, gate.path, 'passed');
    await gate.arrived(1);
    worker.child.kill('SIGTERM');
    await worker.line(/stopping: 1 running, which have 30 s/);
    gate.open();
    expect(await future).toBe('passed');
    await executor.shutdown();
    await until(() => worker.child.exitCode !== null);
    expect(worker.child.exitCode).toBe(0);
    expect(worker.lines.at(-1)).toBe(
      'executor-worker: stopped: 1 done, 0 failed',
    );
    expect(await keysLeft(redis)).toEqual([]);
  });

  test('a task that is not done in time is run by another worker', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using runs = makeRunLog();
    await using executor = new BullMQExecutor({ redis: redis.url });
    await using first = await startWorker(
      redis.url,
      [tasks],
      ...['--drain-timeout', '0.2'],
    );
    const future = executor.submit(passGate, gate.path, 'passed', runs.path);
    await gate.arrived(1);
    expect(await first.end('SIGTERM')).toBe(0);
    await using second = await startWorker(redis.url, [tasks]);
    await gate.arrived(2);
    gate.open();
    expect(await future).toBe('passed');
    expect(runs.lines()).toEqual(['passed', 'passed']);
    await executor.shutdown();
    expect(await second.end('SIGTERM')).toBe(0);
    expect(await keysLeft(redis)).toEqual([]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a second %s ends it at once', async (signal, status) => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...['--lock-duration', '0.5'],
    );
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(passGate, gate.path, 'passed');
    await gate.arrived(1);
    worker.child.kill(signal);
    await worker.line(/stopping: 1 running/);
    expect(await worker.end(signal)).toBe(status);
    await using second = await startWorker(
      redis.url,
      [tasks],
      ...['--lock-duration', '0.5'],
    );
    gate.open();
    expect(await future).toBe('passed');
    await executor.shutdown();
    expect(await second.end('SIGTERM')).toBe(0);
  });

  test('SIGTERM while Redis is away', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...['--drain-timeout', '0.2', '--health-interval', '0.1'],
    );
    await using executor = new BullMQExecutor({
      redis: redis.url,
      disconnectTimeout: 500,
    });
    const future = executor.submit(passGate, gate.path, 'passed');
    future.ignore();
    await gate.arrived(1);
    await redis.kill();
    await worker.line(/health: .*no connection to Redis/);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(worker.lines.join('\n')).toMatch(
      /does not answer: what ran here runs elsewhere/,
    );
    await expect(future).rejects.toMatchObject({
      code: 'ERR_EXECUTOR_BROKEN',
      cause: { code: 'ERR_REDIS_CONNECTION' },
    });
  });

  test('goes on when nobody reads its output', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...['--health-interval', '0.1'],
    );
    worker.child.stdout?.destroy();
    worker.child.stderr?.destroy();
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    await executor.shutdown();
    // It writes that it stops, and that it has stopped.
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
