import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { add, contextOf } from './fixtures/tasks.mjs';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('BullMQExecutor', () => {
  test('runs a task in another process', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    const future = executor.submit(contextOf);
    expect(await future).toEqual({
      attempt: 1,
      idempotencyKey: executor.idOf(future),
      aborted: false,
    });
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
