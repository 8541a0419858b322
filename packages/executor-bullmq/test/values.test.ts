import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { describe, expect, test } from 'vitest';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { INLINE_BYTES } from '../src/wire/limits.ts';
import { echo, fail, zeros } from './fixtures/tasks.mjs';
import { keysLeft } from './support/redis-keys.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

const MEBIBYTE = 2 ** 20;

describe.skipIf(executable === undefined)('values of any size', () => {
  test('go both ways, and leave no keys', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    // About the limit, from which on they have a key of their own.
    const lengths = Array.from({ length: 65 }, (_, n) => INLINE_BYTES - 32 + n);
    lengths.push(MEBIBYTE);
    for (const length of lengths) {
      const value = new Uint8Array(length).fill(length % 251);
      const result = await executor.submit(echo, value);
      // A generic function has the type of no call.
      expect(Buffer.compare(result as Uint8Array, value), String(length)).toBe(
        0,
      );
    }
    const message = 'x'.repeat(MEBIBYTE);
    await expect(executor.submit(fail, message)).rejects.toThrow(message);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
    // What was thrown is kept as long as the record of the job.
    await until(async () => {
      const keys = await keysLeft(redis);
      return keys.every((key) => key.startsWith('exec:{default}:failure:'));
    });
  });

  test('but not of more than 64 MiB', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const tooMuch = 64 * MEBIBYTE + 1;
    const results = await Promise.all([
      executor.submit(echo, new Uint8Array(tooMuch)).exception(),
      executor.submit(zeros, tooMuch).exception(),
    ]);
    expect(results).toMatchObject([
      { code: 'ERR_TASK_NOT_SERIALIZABLE' },
      { code: 'ERR_RESULT_NOT_SERIALIZABLE' },
    ]);
    for (const error of results) {
      expect(error).toHaveProperty(
        'message',
        expect.stringMatching(/65 MiB, more than the 64 MiB .* send a URL/),
      );
    }
    expect(await executor.submit(zeros, 1)).toEqual(new Uint8Array(1));
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
