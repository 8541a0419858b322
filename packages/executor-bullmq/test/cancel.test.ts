import { randomInt } from 'node:crypto';
import { describe, expect, onTestFailed, test } from 'vitest';
import { AbortError, CancelledError } from '@concurrent-executors/executor';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import {
  double,
  noted,
  notedAtGate,
  notedForEver,
} from './fixtures/failure-tasks.mjs';
import { makeGate } from './support/gate.ts';
import { makeRunLog } from './support/run-log.ts';
import { settlementsOf } from './support/settlements.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;
const alone = ['--lock-duration', '2', '--concurrency', '1'];

describe.skipIf(executable === undefined)('cancel()', () => {
  test('a task that waits never runs', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks], ...alone);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const running = executor.submit(
      notedAtGate,
      log.path,
      'running',
      gate.path,
    );
    await gate.arrived(1);
    const waiting = executor.submit(noted, log.path, 'waiting');
    const last = executor.submit(noted, log.path, 'last');
    await Promise.resolve(); // it is on its way now
    expect(waiting.cancel()).toBe(false);
    await expect(waiting).rejects.toThrow(CancelledError);
    gate.open();
    expect(await Promise.all([running, last])).toEqual(['running', 'last']);
    expect([...log.starts().keys()]).toEqual(['running', 'last']);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a task that runs cannot be cancelled; abort() ends it', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks], ...alone);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(notedAtGate, log.path, 'task', gate.path);
    await gate.arrived(1);
    expect(future.cancel()).toBe(false);
    future.abort(new Error('enough'));
    await expect(future).rejects.toThrow();
    const pid = String(worker.child.pid);
    expect(log.lines()).toEqual([`start task ${pid}`, `end task ${pid}`]);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('abort() ends the thread of a task that heeds no signal', async () => {
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks], ...alone);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(notedForEver, log.path, 'task');
    await until(() => log.lines().length === 1);
    future.abort();
    await expect(future).rejects.toThrow(AbortError);
    // In the only thread there is.
    expect(await executor.submit(double, 1)).toBe(2);
    expect(log.starts().get('task')).toBe(1);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('while it starts: it is either cancelled and never runs, or runs once', async () => {
    const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
    onTestFailed(() => {
      console.error(`repeat it with SEED=${String(seed)}`);
    });
    const below = randomOf(seed);
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    await using first = await startWorker(redis.url, [tasks]);
    await using second = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    for (let round = 0; round < 40; round += 1) {
      const futures = Array.from({ length: 50 }, (_, index) =>
        executor.submit(noted, log.path, `${String(round)}/${String(index)}`),
      );
      const settled = settlementsOf(futures);
      for (const future of futures) {
        if (below(2) === 0) continue;
        const turns = below(4);
        for (let turn = 0; turn < turns; turn += 1) {
          await new Promise(setImmediate);
        }
        future.cancel();
      }
      const { values, errors } = await settled;
      for (const error of errors) expect(error).toBeInstanceOf(CancelledError);
      const starts = log.starts();
      for (const [index, future] of futures.entries()) {
        const name = `${String(round)}/${String(index)}`;
        expect(starts.get(name) ?? 0).toBe(future.cancelled ? 0 : 1);
        expect(values.includes(name)).toBe(!future.cancelled);
      }
    }
    expect(await first.end('SIGTERM')).toBe(0);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});

/** Integers from 0 up to and without a limit: a linear congruential generator, enough here. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
