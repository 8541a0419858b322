import { describe, expect, test } from 'vitest';
import {
  AbortError,
  CancelledError,
  WorkerExitError,
  moduleTasks,
  type Future,
} from '@concurrent-executors/executor';
import {
  double,
  failUntil,
  heedSignal,
  ignoreSignal,
  passGate,
  returnReason,
  spin,
  throwError,
  where,
} from '../fixtures/tasks.mjs';
import { bracket } from '../fixtures/engine-tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeTempFile } from '../support/temp-file.ts';
import { told } from '../support/told.ts';

describe.each(backends)('$name: abort', ({ make }) => {
  test('of a finished or cancelled future does nothing', async () => {
    await using executor = make();
    const done = executor.submit(double, 1);
    await done;
    done.abort();
    expect(await done).toBe(2);
    const failed = executor.submit(throwError, 'failed');
    await failed.exception();
    failed.abort();
    expect(await failed.exception()).toBeInstanceOf(RangeError);
  });

  test('ends a task that heeds its signal, and nothing else', async () => {
    await using gate = await makeGate();
    await using executor = make();
    const reason = new Error('enough');
    const future = executor.submit(heedSignal, gate.path);
    await gate.arrived(1);
    await told(() => {
      expect(future.state).toBe('running');
    });
    future.abort(reason);
    future.abort(new Error('again'));
    expect(future.state).toBe('running');
    const error = await future.exception();
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: 'AbortError', code: 'ERR_ABORTED' });
    expect((error as Error).cause).toBe(reason);
    expect(await executor.submit(double, 1)).toBe(2);
  });

  test('a task may end well all the same', async () => {
    await using gate = await makeGate();
    await using executor = make();
    const future = executor.submit(returnReason, gate.path);
    await gate.arrived(1);
    future.abort('a reason');
    expect(await future).toBe('a reason');
  });

  test('an aborted task is not retried', async () => {
    await using gate = await makeGate();
    await using executor = make();
    const controller = new AbortController();
    const future = executor
      .with({ retries: 5, signal: controller.signal })
      .submit(heedSignal, gate.path);
    await gate.arrived(1);
    controller.abort();
    expect(await future.exception()).toBeInstanceOf(AbortError);
  });
});

describe.each(concurrentBackends)('$name: abort of a queue', ({ make }) => {
  test('cancels what has not started, and the queue goes on', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const running = executor.submit(heedSignal, gate.path);
    const queued = [1, 2, 3].map((n) => executor.submit(double, n));
    const last = executor.submit(double, 4);
    await gate.arrived(1);
    queued[1]?.abort('not needed');
    await told(() => {
      expect(queued[1]?.state).toBe('cancelled');
    });
    running.abort();
    expect(await running.exception()).toBeInstanceOf(AbortError);
    queued[0]?.abort();
    await expect(queued[1]?.result()).rejects.toThrow(CancelledError);
    expect(await last).toBe(8);
  });

  test.each([[[0, 1, 2, 3, 4, 5]], [[5, 4, 3, 2, 1, 0]], [[2, 0, 5, 1, 4, 3]]])(
    'in any order leaves a queue that works: %j',
    async (order) => {
      await using executor = make(2);
      await using gate = await makeGate();
      const futures = order.map(() => executor.submit(heedSignal, gate.path));
      const last = executor.submit(double, 1);
      await gate.arrived(2);
      for (const index of order) futures[index]?.abort();
      const outcomes = await Promise.allSettled(futures);
      expect(
        outcomes.map(
          (o) => o.status === 'rejected' && (o.reason as Error).name,
        ),
      ).toEqual([
        'AbortError',
        'AbortError',
        ...Array<string>(4).fill('CancelledError'),
      ]);
      expect(await last).toBe(2);
      expect(await executor.submit(double, 2)).toBe(4);
    },
  );

  test('one signal ends all of them', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const controller = new AbortController();
    const view = executor.with({ signal: controller.signal });
    const futures: Future<unknown>[] = [
      view.submit(heedSignal, gate.path),
      view.submit(heedSignal, gate.path),
      view.submit(double, 1),
    ];
    await gate.arrived(2);
    controller.abort();
    const outcomes = await Promise.allSettled(futures);
    expect(
      outcomes.map((o) => o.status === 'rejected' && (o.reason as Error).name),
    ).toEqual(['AbortError', 'AbortError', 'CancelledError']);
    expect(await executor.submit(double, 1)).toBe(2);
  });
});

describe.each(pools)(
  '$name pool: abort of a task that does not heed',
  ({ Pool }) => {
    test('ends the worker of one that blocks, and the queue goes on', async () => {
      await using gate = await makeGate();
      await using pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
      const before = await pool.submit(where);
      const future = pool.submit(spin, gate.path);
      const next = pool.submit(where);
      await gate.arrived(1);
      future.abort('blocked');
      expect(future.state).toBe('running');
      const error = await future.exception();
      expect(error).toBeInstanceOf(AbortError);
      expect((error as Error).cause).toBe('blocked');
      expect(await next).not.toBe(before);
    });

    test('ends the worker of one that waits for ever', async () => {
      await using gate = await makeGate();
      await using pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
      const future = pool.submit(ignoreSignal, gate.path);
      await gate.arrived(1);
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
      expect(await pool.submit(double, 1)).toBe(2);
    });

    test('ends one whose module never finishes importing', async () => {
      await using pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
      await pool.submit(double, 1);
      const { run } = moduleTasks<
        typeof import('../fixtures/endless-module.mjs')
      >(new URL('../fixtures/endless-module.mjs', import.meta.url).href);
      const future = pool.submit(run);
      const next = pool.submit(double, 2);
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
      expect(await next).toBe(4);
    });

    test('ends one that waits for the initializer, and does not run it', async () => {
      await using gate = await makeGate();
      await using pool = new Pool({
        maxWorkers: 1,
        abortGrace: 1,
        initializer: passGate,
        initArgs: [gate.path, 'initialized'],
      });
      const future = pool.submit(where);
      await gate.arrived(1);
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
      gate.open();
      expect(await pool.submit(double, 1)).toBe(2);
    });

    test('waits for the neighbours that still work', async () => {
      await using gate = await makeGate();
      await using held = await makeGate();
      await using pool = new Pool({
        maxWorkers: 1,
        tasksPerWorker: 2,
        abortGrace: 1,
      });
      const neighbour = pool.submit(passGate, gate.path, 'neighbour');
      const future = pool.submit(ignoreSignal, held.path);
      await Promise.all([gate.arrived(1), held.arrived(1)]);
      future.abort();
      // A new task shows that the loop has turned: it cannot get the retired worker's room.
      const next = pool.submit(double, 1);
      gate.open();
      expect(await neighbour).toBe('neighbour');
      expect(await future.exception()).toBeInstanceOf(AbortError);
      expect(await next).toBe(2);
    });

    test('ends neighbours that it blocks, with their own error', async () => {
      await using gate = await makeGate();
      await using held = await makeGate();
      await using pool = new Pool({
        maxWorkers: 1,
        tasksPerWorker: 2,
        abortGrace: 1,
      });
      const neighbour = pool.submit(passGate, gate.path, 'neighbour');
      await gate.arrived(1);
      const future = pool.submit(spin, held.path);
      await held.arrived(1);
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
      expect(await neighbour.exception()).toBeInstanceOf(WorkerExitError);
    });

    test('works during shutdown', async () => {
      await using gate = await makeGate();
      const pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
      const future = pool.submit(spin, gate.path);
      const queued = pool.submit(double, 1);
      await gate.arrived(1);
      const closed = pool.shutdown();
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
      expect(await queued).toBe(2);
      await closed;
    });

    test('a task that waits to be run again is aborted too', async () => {
      await using pool = new Pool({ maxWorkers: 1 });
      const future = pool.with({ retries: 1000 }).submit(failUntil, 999, true);
      await new Promise<void>((resolve) => {
        // Between two workers: the first has crashed, the second is starting.
        const watch = setInterval(() => {
          if (future.state === 'running') {
            clearInterval(watch);
            resolve();
          }
        });
      });
      future.abort();
      expect(await future.exception()).toBeInstanceOf(AbortError);
    });

    test('tasks of one worker that are aborted together before they start never run', async () => {
      using file = makeTempFile();
      await using pool = new Pool({
        maxWorkers: 1,
        tasksPerWorker: 2,
        abortGrace: 1,
      });
      // In the end each fails while the other one waits for its turn to.
      const aborted = ['a', 'b'].map((name) =>
        pool.submit(bracket, file.path, name, 'throw'),
      );
      for (const future of aborted) future.abort();
      for (const future of aborted) {
        expect(await future.exception()).toBeInstanceOf(AbortError);
      }
      await pool.submit(bracket, file.path, 'after', 'return');
      expect(file.lines()).toEqual(['+after', '-after']);
    });
  },
);
