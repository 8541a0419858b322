import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { OptionTypeError } from '@concurrent-executors/executor';
import {
  BullMQExecutor,
  shownUrl,
} from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { add } from './fixtures/tasks.mjs';

const executable = findRedis();
const QUEUE = /executor-bullmq\/test\/fixtures\/tasks\.mjs@/;

describe.skipIf(executable === undefined)('a queue without a worker', () => {
  test('is told once to onUnserved', async () => {
    await using redis = await startRedis(executable ?? '');
    const queues: string[] = [];
    let told = (): void => undefined;
    const isTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    await using executor = new BullMQExecutor({
      redis: redis.url,
      onUnserved(queue) {
        queues.push(queue);
        told();
      },
    });
    executor.submit(add, 1, 2);
    await isTold;
    executor.submit(add, 1, 2);
    await executor.shutdown({ cancelFutures: true, timeout: 0 });
    expect(queues).toEqual([expect.stringMatching(QUEUE)]);
  });

  test('is a process warning by default', async () => {
    await using redis = await startRedis(executable ?? '');
    await using executor = new BullMQExecutor({ redis: redis.url });
    const warned = once(process, 'warning') as Promise<[Error]>;
    executor.submit(add, 1, 2);
    const [warning] = await warned;
    expect(warning.name).toBe('NoWorkerWarning');
    expect(warning.message).toMatch(QUEUE);
    await executor.shutdown({ cancelFutures: true, timeout: 0 });
  });
});

test('onUnserved must be a function', () => {
  const options = { redis: 'redis://localhost', onUnserved: 'print' };
  expect(
    // As from JavaScript.
    () => new BullMQExecutor(options as never),
  ).toThrow(new OptionTypeError('onUnserved must be a function'));
});

test('shownUrl leaves out user and password', () => {
  expect(shownUrl('rediss://user:secret@host:6380/1?x=y')).toBe(
    'rediss://host:6380/1',
  );
  expect(shownUrl('unix:/run/redis.sock')).toBe('unix:/run/redis.sock');
});
