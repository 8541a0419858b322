import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  WorkerLostError,
  BullMQExecutor,
} from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { noted, notedAtGate, notedKill } from './fixtures/failure-tasks.mjs';
import { makeGate } from './support/gate.ts';
import { makeRunLog } from './support/run-log.ts';
import { settlementsOf } from './support/settlements.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;
const OTHERS = 20;

describe.skipIf(executable === undefined)('the loss of a worker', () => {
  test('a task whose worker was killed runs again on another one, and no other task does', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    const options = ['--lock-duration', '2', '--concurrency', '1'];
    await using first = await startWorker(redis.url, [tasks], ...options);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const victim = executor.submit(notedAtGate, log.path, 'victim', gate.path);
    await gate.arrived(1);
    const others = Array.from({ length: OTHERS }, (_, index) =>
      executor.submit(noted, log.path, String(index)),
    );
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    await using second = await startWorker(redis.url, [tasks], ...options);
    await gate.arrived(2);
    gate.open();
    const { values, errors } = await settlementsOf([victim, ...others]);
    expect(errors).toEqual([]);
    expect(values).toEqual([
      'victim',
      ...others.map((_, index) => String(index)),
    ]);
    const { victim: victimStarts, ...otherStarts } = Object.fromEntries(
      log.starts(),
    );
    expect(victimStarts).toBe(2);
    expect(Object.values(otherStarts)).toEqual(others.map(() => 1));
    expect(log.lines().at(-1)).toBe(`end victim ${String(second.child.pid)}`);
  });

  test('a task that kills its workers fails after the third, and the others run', async () => {
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    await using executor = new BullMQExecutor({
      redis: redis.url,
      // A task can be done whose worker was killed before it told of that.
      reconcileInterval: 500,
    });
    const futures = Array.from({ length: OTHERS * 5 }, (_, index) =>
      executor.submit(noted, log.path, String(index)),
    );
    const poison = executor.submit(notedKill, log.path, 'poison');
    futures.push(
      ...Array.from({ length: OTHERS * 5 }, (_, index) =>
        executor.submit(noted, log.path, `after-${String(index)}`),
      ),
    );
    const settled = settlementsOf(futures);
    const poisonEnd = settlementsOf([poison]);
    const over = Promise.all([settled, poisonEnd]);
    let started = 0;
    while ([...futures, poison].some(({ done }) => !done)) {
      await using worker = await startWorker(
        redis.url,
        [tasks],
        ...['--lock-duration', '2', '--concurrency', '4'],
      );
      started += 1;
      const { child } = worker;
      await Promise.race([once(child, 'exit'), over]);
    }
    expect(started).toBe(4);
    const [error] = (await poisonEnd).errors;
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(log.starts().get('poison')).toBe(3);
    const { values, errors } = await settled;
    expect(errors).toEqual([]);
    expect(values).toHaveLength(OTHERS * 10);
  });

  test('tasks that run beside one that kills its workers do not fail with it', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using executor = new BullMQExecutor({
      redis: redis.url,
      // A task can be done whose worker was killed before it told of that.
      reconcileInterval: 500,
    });
    const beside = ['a', 'b', 'c'].map((name) =>
      executor.submit(notedAtGate, log.path, name, gate.path),
    );
    const poison = executor.submit(notedKill, log.path, 'poison');
    const besideEnd = settlementsOf(beside);
    const poisonEnd = settlementsOf([poison]);
    const over = Promise.all([besideEnd, poisonEnd]);
    const isOver = (): boolean => [...beside, poison].every(({ done }) => done);
    for (let losses = 0; !isOver(); losses += 1) {
      // Until then they are on their way when their worker is killed.
      if (losses === 2) gate.open();
      await using worker = await startWorker(
        redis.url,
        [tasks],
        ...['--lock-duration', '2', '--concurrency', '4'],
      );
      const { child } = worker;
      await Promise.race([once(child, 'exit'), over]);
    }
    const [error] = (await poisonEnd).errors;
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(log.starts().get('poison')).toBe(3);
    expect(await besideEnd).toEqual({ values: ['a', 'b', 'c'], errors: [] });
  });
});
