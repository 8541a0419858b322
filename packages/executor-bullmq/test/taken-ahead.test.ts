import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { makeGate } from './support/gate.ts';
import { add, passGate } from './fixtures/tasks.mjs';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

/** So many short tasks, and a worker surely takes them ahead. */
const MANY = 500;

describe.skipIf(executable === undefined)('jobs that are taken ahead', () => {
  test('are run elsewhere when a long task is before them', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using first = await startWorker(
      redis.url,
      [tasks],
      '--concurrency',
      '1',
    );
    await using executor = new BullMQExecutor({ redis: redis.url });
    const short = (n: number) => executor.submit(add, n, 1);
    const count = Array.from({ length: MANY }, (_, n) => n);
    await Promise.all(count.map(short));
    // Behind these it comes when many are taken at once, and holds the only thread.
    const before = count.map(short);
    const held = executor.submit(passGate, gate.path, 'held');
    const behind = count.map(short);
    await gate.arrived(1);
    await Promise.all(before);
    await using second = await startWorker(
      redis.url,
      [tasks],
      '--concurrency',
      '1',
    );
    expect(await Promise.all(behind)).toEqual(count.map((n) => n + 1));
    expect(held.done).toBe(false);
    gate.open();
    expect(await held).toBe('held');
    await executor.shutdown();
    expect(await first.end('SIGTERM')).toBe(0);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
