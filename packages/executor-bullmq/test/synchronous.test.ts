import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { spin } from './fixtures/tasks.mjs';
import { makeRunLog } from './support/run-log.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('a task that never yields', () => {
  // Three times as long as its lock lasts: 30 s with the default of 10 s. On the thread of
  // BullMQ itself, no lock would be renewed, and the other worker would start it, too.
  test('keeps its lock: it is started once', async () => {
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    const options = ['--lock-duration', '2', '--concurrency', '1'];
    await using first = await startWorker(redis.url, [tasks], ...options);
    await using second = await startWorker(redis.url, [tasks], ...options);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(spin, 6_000, log.path);
    expect(await future).toBe(6_000);
    expect(log.lines()).toEqual(['1']);
    expect(await first.end('SIGTERM')).toBe(0);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
