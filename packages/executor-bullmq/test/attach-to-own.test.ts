import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { add } from './fixtures/tasks.mjs';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('attach()', () => {
  test('gives the future itself for a task of the same executor', async () => {
    await using redis = await startRedis(executable ?? '');
    await using executor = new BullMQExecutor({
      redis: redis.url,
      onUnserved: () => undefined,
    });
    const future = executor.submit(add, 1, 2);
    const id = executor.idOf(future) ?? '';
    expect(executor.attach(add, id)).toBe(future);
    await new Promise(setImmediate); // now it is sent
    expect(executor.attach(add, id)).toBe(future);
    await using worker = await startWorker(redis.url, [tasks]);
    expect(await future).toBe(3);
    await executor.shutdown();
    await worker.end('SIGTERM');
  });
});
