import { describe, expect, test } from 'vitest';
import { BrokenExecutorError } from '@concurrent-executors/executor';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import {
  double,
  noted,
  notedAtGate,
  notedForEver,
  processOf,
} from './fixtures/failure-tasks.mjs';
import { makeGate } from './support/gate.ts';
import { keyOf } from './support/queue-keys.ts';
import { startProxy } from './support/proxy.ts';
import { makeRunLog } from './support/run-log.ts';
import { settlementsOf } from './support/settlements.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;

const queue = keyOf('failure-tasks.mjs', 'prioritized');

/**
 * A worker gives a task back if it could not renew its lock for 0.6 of this time, and tries
 * each third of it. On a busy machine a process can stand still for half a second: with locks
 * of 1 s, a worker that was not cut off yet gave its task back, and took it again.
 */
const lock = ['--lock-duration', '6'];
const alone = [...lock, '--concurrency', '1'];

/** How often the tasks of this file may run at once, for throughput. */
const together = [...lock, '--concurrency', '2'];

describe.skipIf(executable === undefined)(
  'a worker without a way to Redis',
  () => {
    test('ends its task before another worker starts it, and goes on when it is back', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      await using gate = await makeGate();
      using log = makeRunLog();
      await using cut = await startWorker(proxy.url, [tasks], ...alone);
      await using executor = new BullMQExecutor({ redis: redis.url });
      const future = executor.submit(notedAtGate, log.path, 'task', gate.path);
      await gate.arrived(1);
      await using other = await startWorker(redis.url, [tasks], ...alone);
      proxy.interrupt();
      await gate.arrived(2);
      gate.open();
      expect(await future).toBe('task');
      const [cutPid, otherPid] = [cut, other].map(({ child }) =>
        String(child.pid),
      );
      expect(log.lines()).toEqual([
        `start task ${String(cutPid)}`,
        `end task ${String(cutPid)}`,
        `start task ${String(otherPid)}`,
        `end task ${String(otherPid)}`,
      ]);
      proxy.heal();
      expect(await other.end('SIGTERM')).toBe(0);
      expect(await executor.submit(processOf)).toBe(cut.child.pid);
      expect(log.starts().get('task')).toBe(2);
    });

    test('ends the thread of a task that heeds no signal', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      using log = makeRunLog();
      await using cut = await startWorker(proxy.url, [tasks], ...alone);
      await using executor = new BullMQExecutor({ redis: redis.url });
      const future = executor.submit(notedForEver, log.path, 'task');
      await until(() => log.lines().length === 1);
      proxy.interrupt();
      await cut.line(/was not renewed/);
      proxy.heal();
      // Its only thread was ended: a new one runs the task again.
      await until(() => log.lines().length === 2);
      future.abort();
      await expect(future).rejects.toThrow();
      expect(await executor.submit(processOf)).toBe(cut.child.pid);
    });

    test('makes new connections if the old ones stay dead', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      await using cut = await startWorker(proxy.url, [tasks], ...alone);
      await using executor = new BullMQExecutor({ redis: redis.url });
      expect(await executor.submit(processOf)).toBe(cut.child.pid);
      proxy.interrupt();
      proxy.healNewOnly();
      expect(await executor.submit(processOf)).toBe(cut.child.pid);
      await using gate = await makeGate();
      using log = makeRunLog();
      const future = executor.submit(notedAtGate, log.path, 'task', gate.path);
      await gate.arrived(1);
      future.abort(); // heard over a connection of its own
      await expect(future).rejects.toThrow();
    });

    test('of 10,000 tasks only those run again that were there', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      using log = makeRunLog();
      await using cut = await startWorker(proxy.url, [tasks], ...together);
      await using other = await startWorker(redis.url, [tasks], ...together);
      await using executor = new BullMQExecutor({
        redis: redis.url,
        reconcileInterval: 500,
      });
      let done = 0;
      const futures = Array.from({ length: 10_000 }, (_, index) => {
        const future = executor.submit(noted, log.path, String(index));
        future.addDoneCallback(() => {
          done += 1;
          if (done === 3_000) proxy.interrupt();
        });
        return future;
      });
      const { values, errors } = await settlementsOf(futures);
      expect(errors).toEqual([]);
      expect(values).toEqual(futures.map((_, index) => String(index)));
      /** The processes that each task has run in. */
      const runs = new Map<string, string[]>();
      for (const line of log.lines()) {
        const [, name = '', pid = ''] = line.split(' ');
        runs.set(name, [...(runs.get(name) ?? []), pid]);
      }
      expect(runs.size).toBe(10_000);
      const again = [...runs.values()].filter(({ length }) => length > 1);
      const expected = [String(cut.child.pid), String(other.child.pid)];
      expect(again).toEqual(again.map(() => expected));
      proxy.heal();
      expect(await cut.end('SIGTERM')).toBe(0);
    });
  },
);

describe.skipIf(executable === undefined)(
  'an executor without a way to Redis',
  () => {
    test('settles all when it is back', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      await using worker = await startWorker(redis.url, [tasks], ...together);
      await using executor = new BullMQExecutor({
        redis: proxy.url,
        reconcileInterval: 500,
      });
      const numbers = Array.from({ length: 2_000 }, (_, index) => index);
      let done = 0;
      const futures = numbers.map((number) => {
        const future = executor.submit(double, number);
        future.addDoneCallback(() => {
          done += 1;
          if (done === 200) proxy.interrupt();
        });
        return future;
      });
      const settled = settlementsOf(futures);
      await until(() => done >= 200);
      const late = settlementsOf(
        numbers.map((number) => executor.submit(double, number)),
      );
      // The worker goes on with what is in Redis.
      await until(async () => (await redis.ask(`ZCARD ${queue}`)) === ':0');
      proxy.heal();
      const expected = numbers.map((number) => number * 2);
      expect(await settled).toEqual({ values: expected, errors: [] });
      expect(await late).toEqual({ values: expected, errors: [] });
      expect(await worker.end('SIGTERM')).toBe(0);
    });

    test('settles all over new connections, if the old ones stay dead', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      await using worker = await startWorker(redis.url, [tasks], ...together);
      await using executor = new BullMQExecutor({
        redis: proxy.url,
        reconcileInterval: 500,
      });
      expect(await executor.submit(double, 1)).toBe(2);
      proxy.interrupt();
      const future = executor.submit(double, 2);
      proxy.healNewOnly();
      expect(await future).toBe(4);
      expect(await worker.end('SIGTERM')).toBe(0);
    });

    test('is broken after disconnectTimeout: its futures fail, and so does submit()', async () => {
      await using redis = await startRedis(executable ?? '');
      await using proxy = await startProxy(redis.socket);
      await using gate = await makeGate();
      using log = makeRunLog();
      await using worker = await startWorker(redis.url, [tasks], ...alone);
      const executor = new BullMQExecutor({
        redis: proxy.url,
        disconnectTimeout: 1_000,
        reconcileInterval: 200,
      });
      const running = executor.submit(notedAtGate, log.path, 'task', gate.path);
      const waiting = executor.submit(double, 1);
      await gate.arrived(1);
      proxy.interrupt();
      const unsent = executor.submit(double, 2);
      const futures = [running, waiting, unsent] as const;
      const { errors } = await settlementsOf<unknown>(futures);
      expect(errors).toHaveLength(3);
      for (const error of errors) {
        expect(error).toBeInstanceOf(BrokenExecutorError);
      }
      expect(() => executor.submit(double, 3)).toThrow(BrokenExecutorError);
      await executor.shutdown();
      gate.open();
      expect(await worker.end('SIGTERM')).toBe(0);
    });
  },
);
