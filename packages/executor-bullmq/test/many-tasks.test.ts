import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { double } from './fixtures/failure-tasks.mjs';
import { settlementsOf } from './support/settlements.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;

/** All of them are for the nightly run: `MANY_TASKS=100000`. */
const COUNT = Number(process.env['MANY_TASKS'] ?? 20_000);

/** Milliseconds in which the submitter does nothing else. */
const BLOCKED = 8_000;

describe.skipIf(executable === undefined)('many tasks', () => {
  test(
    'all settle, also if their submitter was blocked while they ran',
    { timeout: 60_000 + COUNT * 5 },
    async () => {
      await using redis = await startRedis(executable ?? '');
      await using worker = await startWorker(redis.url, [tasks]);
      await using executor = new BullMQExecutor({ redis: redis.url });
      let done = 0;
      const numbers = Array.from({ length: COUNT }, (_, index) => index);
      const futures = numbers.map((number) => {
        const future = executor.submit(double, number);
        future.addDoneCallback(() => {
          done += 1;
          if (done === COUNT / 2) block();
        });
        return future;
      });
      const { values, errors } = await settlementsOf(futures);
      expect(errors).toEqual([]);
      expect(values).toEqual(numbers.map((number) => number * 2));
      expect(await worker.end('SIGTERM')).toBe(0);
    },
  );
});

/** As a long computation would, but leaves the processor to the worker. */
function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED);
}
