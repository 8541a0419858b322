import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  findRedis,
  startRedis,
  type RedisServer,
} from '../../../tools/redis/redis-server.ts';
import {
  add,
  countTo,
  echo,
  fail,
  passGate,
  waitForAbort,
} from './fixtures/tasks.mjs';
import { runProgram } from './support/run-program.ts';
import { makeGate } from './support/gate.ts';

import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;
const tasksFile = fileURLToPath(tasks);

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** As the README gives it. */
const [, RULE = ''] =
  /ACL SETUSER executor on >PASSWORD (.*)$/m.exec(readme) ?? [];

async function allow(redis: RedisServer, rule: string): Promise<void> {
  expect(await redis.ask(`ACL SETUSER executor reset on >secret ${rule}`)).toBe(
    '+OK',
  );
  Object.assign(process.env, {
    REDIS_USERNAME: 'executor',
    REDIS_PASSWORD: 'secret',
  });
  onTestFinished(() => {
    delete process.env['REDIS_USERNAME'];
    delete process.env['REDIS_PASSWORD'];
  });
}

const user = { username: 'executor', password: 'secret' } as const;

/** Everything that executors and workers do. */
async function useAll(redis: RedisServer): Promise<void> {
  const short = ['--lock-duration', '2', '--health-interval', '0.1'] as const;
  await using gate = await makeGate();
  await using executor = new BullMQExecutor({
    redis: redis.url,
    ...user,
    reconcileInterval: 100,
  });
  const warnings: string[] = [];
  const listen = ({ name }: Error): void => {
    warnings.push(name);
  };
  process.on('warning', listen);
  const waiting = executor.submit(add, 1, 2);
  await until(() => warnings.includes('NoWorkerWarning'));
  process.off('warning', listen);
  const withdrawn = executor.submit(add, 3, 4);
  await new Promise(setImmediate);
  withdrawn.cancel();
  await until(() => withdrawn.cancelled);

  await using worker = await startWorker(redis.url, [tasks], ...short);
  expect(await waiting).toBe(3);
  const large = 'x'.repeat(100_000);
  expect(await executor.submit(echo, large)).toBe(large);
  await expect(executor.submit(fail, 'failed')).rejects.toThrow('failed');
  await expect(
    executor.with({ retries: 1 }).submit(fail, 'again'),
  ).rejects.toThrow('again');
  const values: number[] = [];
  for await (const value of executor.stream(countTo, 100)) values.push(value);
  expect(values).toHaveLength(100);

  const aborted = executor.submit(waitForAbort, gate.path);
  const reports: unknown[] = [];
  aborted.addProgressCallback((report) => reports.push(report));
  await gate.arrived(1);
  aborted.abort('enough');
  await expect(aborted).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  expect(reports).toEqual(['waits']);

  const attached = executor.submit(passGate, gate.path, 'passed');
  await gate.arrived(2);
  await using other = new BullMQExecutor({ redis: redis.url, ...user });
  const copy = other.attach(passGate, executor.idOf(attached) ?? '');
  gate.open();
  expect(await Promise.all([attached, copy])).toEqual(['passed', 'passed']);

  // A worker is lost, and another one looks for its tasks.
  await using lastGate = await makeGate();
  const moved = executor.submit(passGate, lastGate.path, 'moved');
  await lastGate.arrived(1);
  expect(await worker.end('SIGKILL')).toBe('SIGKILL');
  await using second = await startWorker(redis.url, [tasks], ...short);
  await lastGate.arrived(2);
  lastGate.open();
  expect(await moved).toBe('moved');
  await second.line(/health: .* waiting/);
  await Promise.all([executor.shutdown(), other.shutdown()]);
  expect(await second.end('SIGTERM')).toBe(0);
  for (const { lines } of [worker, second]) {
    expect(lines.join('\n')).not.toContain('NOPERM');
  }
}

describe.skipIf(executable === undefined)('an ACL user', () => {
  test('with the rule can do all that is needed', async () => {
    await using redis = await startRedis(executable ?? '');
    await allow(redis, RULE);
    await useAll(redis);
    expect(await redis.ask('ACL LOG')).toBe('*0');
  });

  // Each of these rights is needed, or its lack would not be seen.
  test.each([
    ['no rights', '-@all'],
    ['no keys', `${RULE} resetkeys`],
    ['keys of another namespace', `${RULE} resetkeys ~exec:{other}:*`],
    ['no right to read', `${RULE} -xread`],
    ['no right to write to a stream', `${RULE} -xadd`],
  ])('with %s breaks the executor, and does not hang', async (_what, rule) => {
    await using redis = await startRedis(executable ?? '');
    await allow(redis, rule);
    await using executor = new BullMQExecutor({ redis: redis.url, ...user });
    const error = (await executor.submit(add, 1, 2).exception()) as
      Error | undefined;
    // Who is told first, this task or the executor, is open.
    expect([error, error?.cause]).toContainEqual(
      expect.objectContaining({
        code: 'ERR_REDIS_CONNECTION',
        message: expect.stringMatching(
          /NOPERM|can't run this command/,
        ) as unknown,
      }),
    );
    await until(() => {
      try {
        executor.submit(add, 1, 2).ignore();
        return false;
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'ERR_EXECUTOR_BROKEN' });
        return true;
      }
    });
  });

  test.each([
    ['no rights', '-@all'],
    ['no channel', `${RULE} resetchannels`],
    ['no keys', `${RULE} resetkeys`],
    ['no right to run scripts', `${RULE} -eval -evalsha`],
  ])('with %s ends the worker', async (_what, rule) => {
    await using redis = await startRedis(executable ?? '');
    await allow(redis, rule);
    const { status, stderr } = await runProgram([
      ...['--redis', redis.url, '--modules', tasksFile],
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^executor-worker: [^\n]*NOPERM[^\n]*\n$/m);
  });

  test('the rule lets nobody see or change other keys', async () => {
    await using redis = await startRedis(executable ?? '');
    await allow(redis, RULE);
    await redis.ask('SET secret 1');
    const client = new Redis({ path: redis.socket, ...user });
    for (const [command, ...args] of [
      ['get', 'secret'],
      ['set', 'secret', '2'],
      ['set', 'exec:{other}:x', '2'],
      ['eval', 'return redis.call("GET", KEYS[1])', '1', 'secret'],
      ['publish', 'exec:{other}:control', 'x'],
      ['keys', '*'],
      ['scan', '0'],
      ['randomkey'],
      ['flushall'],
      ['config', 'get', '*'],
      ['client', 'kill', 'TYPE', 'normal'],
      ['acl', 'list'],
      ['script', 'flush'],
      ['shutdown'],
    ] as const) {
      await expect(client.call(command, ...args), command).rejects.toThrow(
        /NOPERM|[Pp]ermission/,
      );
    }
    client.disconnect();
  });
});
