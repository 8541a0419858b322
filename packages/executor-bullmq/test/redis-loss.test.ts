import { describe, expect, test } from 'vitest';
import {
  BullMQExecutor,
  TaskLostError,
} from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { double, noted, notedAtGate } from './fixtures/failure-tasks.mjs';
import { makeGate } from './support/gate.ts';
import { keyOf } from './support/queue-keys.ts';
import { makeRunLog } from './support/run-log.ts';
import { settlementsOf } from './support/settlements.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;
const options = ['--lock-duration', '2', '--concurrency', '2'];
const waiting = keyOf('failure-tasks.mjs', 'prioritized');
const BACKLOG = 1_000;
const names = Array.from({ length: BACKLOG }, (_, index) => String(index));

describe.skipIf(executable === undefined)('the loss of Redis', () => {
  test.each(['always', 'everysec'])(
    'loses no task that is in its file: appendfsync %s',
    async (appendfsync) => {
      await using redis = await startRedis(
        executable ?? '',
        '--appendonly yes',
        `--appendfsync ${appendfsync}`,
      );
      await using gate = await makeGate();
      using log = makeRunLog();
      await using worker = await startWorker(redis.url, [tasks], ...options);
      await using executor = new BullMQExecutor({
        redis: redis.url,
        reconcileInterval: 200,
      });
      const running = ['a', 'b'].map((name) =>
        executor.submit(notedAtGate, log.path, name, gate.path),
      );
      await gate.arrived(2);
      const backlog = names.map((name) =>
        executor.submit(noted, log.path, name),
      );
      const settled = settlementsOf([...running, ...backlog]);
      await until(
        async () =>
          (await redis.ask(`ZCARD ${waiting}`)) === `:${String(BACKLOG)}`,
      );
      await redis.restart();
      gate.open();
      const { values, errors } = await settled;
      if (appendfsync === 'always') expect(errors).toEqual([]);
      // What came in the last second may be gone: so much is said by this setting.
      for (const error of errors) expect(error).toBeInstanceOf(TaskLostError);
      expect(values.length + errors.length).toBe(BACKLOG + 2);
      expect(new Set(values)).toEqual(
        new Set(['a', 'b', ...names].filter((name) => values.includes(name))),
      );
      const starts = log.starts();
      for (const name of names) {
        if (values.includes(name)) expect(starts.get(name)).toBe(1);
      }
      expect(await executor.submit(double, 4)).toBe(8);
      await executor.shutdown();
      expect(await worker.end('SIGTERM')).toBe(0);
    },
  );

  test('without a file each task that was there is told to be lost', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks], ...options);
    await using executor = new BullMQExecutor({
      redis: redis.url,
      reconcileInterval: 200,
    });
    const running = ['a', 'b'].map((name) =>
      executor.submit(notedAtGate, log.path, name, gate.path),
    );
    await gate.arrived(2);
    const backlog = names.map((name) => executor.submit(noted, log.path, name));
    const settled = settlementsOf([...running, ...backlog]);
    await until(
      async () =>
        (await redis.ask(`ZCARD ${waiting}`)) === `:${String(BACKLOG)}`,
    );
    // What Redis has not answered is sent again. By now it has answered all before this.
    await redis.ask('PING');
    await redis.restart();
    gate.open();
    const { values, errors } = await settled;
    expect(values).toEqual([]);
    expect(errors).toHaveLength(BACKLOG + 2);
    for (const error of errors) expect(error).toBeInstanceOf(TaskLostError);
    expect([...log.starts().keys()]).toEqual(['a', 'b']);
    expect(await executor.submit(double, 4)).toBe(8);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('in the middle of sending and running: each future settles, with its result or as lost', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks], ...options);
    await using executor = new BullMQExecutor({
      redis: redis.url,
      reconcileInterval: 200,
    });
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    let done = 0;
    const futures = numbers.map((number) => {
      const future = executor.submit(double, number);
      future.addDoneCallback(() => {
        done += 1;
      });
      return future;
    });
    const settled = settlementsOf(futures);
    for (const limit of [500, 2_000]) {
      await until(() => done >= limit);
      await redis.restart();
    }
    const { values, errors } = await settled;
    for (const error of errors) expect(error).toBeInstanceOf(TaskLostError);
    expect(values.length).toBeGreaterThan(0);
    const results = await Promise.allSettled(futures);
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toBe(index * 2);
    }
    expect(await executor.submit(double, 4)).toBe(8);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a worker and an executor end while it is away', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...options,
      ...['--drain-timeout', '1'],
    );
    const executor = new BullMQExecutor({
      redis: redis.url,
      disconnectTimeout: 1_000,
    });
    const future = executor.submit(notedAtGate, log.path, 'a', gate.path);
    await gate.arrived(1);
    await redis.kill();
    const shutdown = executor.shutdown();
    await expect(future).rejects.toMatchObject({ name: 'BrokenExecutorError' });
    await shutdown;
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('an executor without tasks, and a worker without tasks, end while it is away', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...options,
      ...['--drain-timeout', '1'],
    );
    const executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(double, 4)).toBe(8);
    await redis.kill();
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
