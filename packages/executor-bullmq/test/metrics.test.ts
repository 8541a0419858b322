import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { describe, expect, test } from 'vitest';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { add, countTo } from './fixtures/tasks.mjs';
import { launchObserved } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;
const observer = new URL('fixtures/observer.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('the channels in a worker', () => {
  test('tell of the tasks by their own names', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = launchObserved(
      observer,
      ...['--redis', redis.url, '--modules', tasks],
    );
    await worker.line(/ready/);
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    for await (const value of executor.stream(countTo, 2)) {
      expect(value).toBeLessThan(2);
    }
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
    const observed = worker.lines.filter((line) => line.startsWith('observed'));
    expect(observed.slice(-4)).toEqual([
      'observed: add started',
      'observed: add finished',
      'observed: countTo started',
      'observed: countTo finished',
    ]);
  });
});
