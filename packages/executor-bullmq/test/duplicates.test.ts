import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { noted } from './fixtures/failure-tasks.mjs';
import { keyOf, queueOf } from './support/queue-keys.ts';
import { makeRunLog } from './support/run-log.ts';
import { settlementsOf } from './support/settlements.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;

describe.skipIf(executable === undefined)('what comes twice', () => {
  test('a task that is added again runs once, before and after its end', async () => {
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    await using executor = new BullMQExecutor({ redis: redis.url });
    const future = executor.submit(noted, log.path, 'task');
    const id = executor.idOf(future) ?? '';
    await using adder = await startAdder(redis.socket);
    await until(
      async () =>
        (await redis.ask(
          `ZCARD ${keyOf('failure-tasks.mjs', 'prioritized')}`,
        )) === ':1',
    );
    await adder.addAgain(id);
    await using worker = await startWorker(redis.url, [tasks]);
    expect(await settlementsOf([future])).toEqual({
      values: ['task'],
      errors: [],
    });
    await adder.addAgain(id);
    // Had it been added, it would run before this one.
    expect(await executor.submit(noted, log.path, 'last')).toBe('last');
    expect(Object.fromEntries(log.starts())).toEqual({ task: 1, last: 1 });
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a reply that comes twice settles its future once, and no other', async () => {
    await using redis = await startRedis(executable ?? '');
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(noted, log.path, 'first')).toBe('first');
    await using copier = await startCopier(redis.socket);
    const futures = Array.from({ length: 100 }, (_, index) =>
      executor.submit(noted, log.path, String(index)),
    );
    const { values, errors } = await settlementsOf(futures);
    expect(errors).toEqual([]);
    expect(values).toEqual(futures.map((_, index) => String(index)));
    await until(() => copier.copies >= 100);
    // Its reply comes after the copies.
    expect(await executor.submit(noted, log.path, 'last')).toBe('last');
    expect(executor.stats()).toMatchObject({ finished: 102, failed: 0 });
    expect([...log.starts().values()]).toEqual(Array(102).fill(1));
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});

/** Adds a job that is or was in the queue, as one does who had no answer. */
async function startAdder(path: string) {
  const connection = new Redis({ path, maxRetriesPerRequest: null });
  const queue = new Queue(queueOf('failure-tasks.mjs'), {
    connection,
    prefix: 'exec:{default}',
  });
  await queue.waitUntilReady();
  return {
    async addAgain(id: string): Promise<void> {
      const job = await queue.getJob(id);
      if (job === undefined) throw new Error(`there is no job ${id}`);
      const { attempts = 1 } = job.opts;
      await queue.add(job.name, job.data, { jobId: id, attempts, priority: 1 });
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
      connection.disconnect();
    },
  };
}

/** Writes what comes in the only reply stream once more. */
async function startCopier(path: string) {
  const connection = new Redis({ path });
  const [key = ''] = await connection.keys('exec:{default}:reply:*');
  let copies = 0;
  let isOver = false;
  const copied = new Set<string>();
  const copy = async (): Promise<void> => {
    let lastId = '$';
    while (!isOver) {
      const streams = await connection.xread(
        'BLOCK',
        50,
        'STREAMS',
        key,
        lastId,
      );
      for (const [id, fields] of streams?.[0]?.[1] ?? []) {
        lastId = id;
        const text = JSON.stringify(fields);
        if (copied.has(text)) continue; // its own
        copied.add(text);
        copies += 1;
        await connection.xadd(key, '*', ...fields);
      }
    }
  };
  const copying = copy();
  return {
    get copies() {
      return copies;
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await copying;
      connection.disconnect();
    },
  };
}
