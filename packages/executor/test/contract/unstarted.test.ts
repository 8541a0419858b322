/* Tasks whose worker ends before it has started them. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  BrokenExecutorError,
} from '@concurrent-executors/executor';
import { contextOf, double, failUntil } from '../fixtures/tasks.mjs';
import { exitUntil } from '../fixtures/engine-tasks.mjs';
import { exitIfExists, passGateAndExit } from '../fixtures/worker-tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeTempFile } from '../support/temp-file.ts';

describe.each(pools)(
  '$name pool: workers that end while they start',
  ({ Pool }) => {
    test('cost a task no attempt, and run nothing twice', async () => {
      using file = makeTempFile();
      await using pool = new Pool({
        maxWorkers: 1,
        initializer: exitUntil,
        initArgs: [file.path, 2],
      });
      const first = pool.submit(contextOf);
      const retried = pool.with({ retries: 1 }).submit(failUntil, 2, false);
      const last = pool.submit(double, 1);
      expect(first.state).toBe('running'); // it was handed to a worker
      expect(await first).toMatchObject({ attempt: 1 });
      expect(await retried).toBe(2);
      expect(await last).toBe(2);
      expect(file.lines()).toHaveLength(3);
      expect(pool.stats()).toMatchObject({
        submitted: 3,
        finished: 3,
        failed: 0,
        pending: 0,
        running: 0,
      });
    });

    test('with several tasks each, keep their order', async () => {
      using file = makeTempFile();
      await using pool = new Pool({
        maxWorkers: 1,
        tasksPerWorker: 3,
        initializer: exitUntil,
        initArgs: [file.path, 1],
      });
      const ended: number[] = [];
      const futures = [1, 2, 3, 4, 5].map((n) => {
        const future = pool.submit(double, n);
        future.addDoneCallback(() => ended.push(n));
        return future;
      });
      expect(await Promise.all(futures)).toEqual([2, 4, 6, 8, 10]);
      expect(ended).toEqual([1, 2, 3, 4, 5]);
    });

    test('do not start again what was aborted meanwhile', async () => {
      using file = makeTempFile();
      await using pool = new Pool({
        maxWorkers: 1,
        initializer: exitUntil,
        initArgs: [file.path, 1],
      });
      const aborted = pool.submit(double, 1);
      const next = pool.submit(double, 2);
      aborted.abort();
      expect(await aborted.exception()).toBeInstanceOf(AbortError);
      expect(await next).toBe(4);
    });

    test('in a row break the pool, and nothing was started', async () => {
      using file = makeTempFile();
      await using pool = new Pool({
        maxWorkers: 1,
        initializer: exitUntil,
        initArgs: [file.path, 100],
      });
      const futures = [1, 2].map((n) =>
        pool.with({ retries: 5 }).submit(double, n),
      );
      for (const future of futures) {
        expect(await future.exception()).toBeInstanceOf(BrokenExecutorError);
      }
      expect(file.lines()).toHaveLength(3);
      await expect(pool.ready()).rejects.toThrow(BrokenExecutorError);
    });

    test('break the pool, and a task that crashes afterwards has an error of its own', async () => {
      using file = makeTempFile();
      await using gate = await makeGate();
      await using pool = new Pool({
        maxWorkers: 2,
        initializer: exitIfExists,
        initArgs: [file.path],
      });
      const started = pool.submit(passGateAndExit, gate.path, 4);
      await gate.arrived(1);
      writeFileSync(file.path, '');
      const unstarted = pool.submit(double, 1);
      expect(await unstarted.exception()).toBeInstanceOf(BrokenExecutorError);
      gate.open();
      expect(await started.exception()).toMatchObject({
        code: 'ERR_WORKER_EXIT',
        exitCode: 4,
      });
    });
  },
);
