import { describe, expect, test } from 'vitest';
import {
  BullMQExecutor,
  WorkerLostError,
} from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { makeGate } from './support/gate.ts';
import { numbers } from './fixtures/tasks.mjs';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('a stream', () => {
  test('comes whole and in order, and holds back a task that is ahead', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const stream = executor
      .with({ bufferSize: 4 })
      .stream(numbers, gate.path, 100, [50]);
    const values: number[] = [];
    for await (const value of stream) {
      values.push(value);
      // It cannot have come there before half of the values were taken.
      if (value === 30) expect(gate.arrivals).toBe(0);
      if (value === 49) {
        await gate.arrived(1);
        gate.open();
      }
    }
    expect(values).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(await stream.future).toBe('end');
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('is not begun again when its worker is stopped', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using first = await startWorker(
      redis.url,
      [tasks],
      '--drain-timeout',
      '0',
    );
    await using executor = new BullMQExecutor({ redis: redis.url });
    const stream = executor.stream(numbers, gate.path, 10, [3]);
    const values: number[] = [];
    const failure = (async () => {
      for await (const value of stream) values.push(value);
    })().catch((error: unknown) => error);
    await gate.arrived(1);
    await using second = await startWorker(redis.url, [tasks]);
    expect(await first.end('SIGTERM')).toBe(0);
    expect(await failure).toBeInstanceOf(WorkerLostError);
    expect(values).toEqual([0, 1, 2]);
    expect(gate.arrivals).toBe(1);
    await executor.shutdown();
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
