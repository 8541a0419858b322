import { describe, expect, test } from 'vitest';
import {
  ExecutorShutdownError,
  ExecutorTerminatedError,
} from '@concurrent-executors/executor';
import { add, double, echo, passGate, spin } from '../fixtures/tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

describe.each(backends)('$name: shutdown', ({ make }) => {
  test('waits for everything that was submitted', async () => {
    const executor = make();
    const futures = Array.from({ length: 50 }, (_, n) =>
      executor.submit(double, n),
    );
    await executor.shutdown();
    expect(futures.every(({ state }) => state === 'finished')).toBe(true);
  });

  test('without a wait, the work still completes', async () => {
    const executor = make();
    const futures = [1, 2, 3].map((n) => executor.submit(double, n));
    const done = executor.shutdown();
    expect(await Promise.all(futures)).toEqual([2, 4, 6]);
    await done;
  });

  test('can be called again, and before any task', async () => {
    const executor = make();
    await executor.shutdown();
    await executor.shutdown({ cancelFutures: true });
  });

  test('leaving an `await using` scope shuts down', async () => {
    const executor = make();
    {
      await using scoped = executor;
      void scoped.submit(add, 1, 2);
    }
    expect(() => executor.submit(add, 1, 2)).toThrow(ExecutorShutdownError);
  });

  test('a task cancelled just before does not hold it up', async () => {
    const executor = make();
    void executor.submit(double, 1);
    executor.submit(double, 2).cancel();
    await executor.shutdown();
  });

  test('a done callback may submit, also during shutdown, where it is refused', async () => {
    const executor = make();
    const thrown: unknown[] = [];
    const more = new Promise<void>((resolve) => {
      executor.submit(double, 1).addDoneCallback(() => {
        try {
          executor.submit(double, 2);
        } catch (error) {
          thrown.push(error);
        }
        resolve();
      });
    });
    await more;
    await executor.shutdown();
    expect(thrown).toEqual([]);
  });
});

describe.each(concurrentBackends)('$name: shutdown while busy', ({ make }) => {
  test('a done callback that submits is told that it is too late', async () => {
    const executor = make(1);
    await using gate = await makeGate();
    const future = executor.submit(passGate, gate.path, 'held');
    await gate.arrived(1);
    const closed = executor.shutdown();
    const refused = new Promise((resolve) => {
      future.addDoneCallback(() => {
        expect(() => executor.submit(add, 1, 2)).toThrow(ExecutorShutdownError);
        resolve('refused');
      });
    });
    gate.open();
    await Promise.all([refused, closed]);
  });

  test('cancelFutures cancels what has not started, and nothing else', async () => {
    await using gate = await makeGate();
    const executor = make(2);
    const futures = Array.from({ length: 50 }, (_, n) =>
      executor.submit(passGate, gate.path, n),
    );
    await gate.arrived(2);
    const closed = executor.shutdown({ cancelFutures: true });
    gate.open();
    await closed;
    expect(futures.filter(({ cancelled }) => cancelled)).toHaveLength(48);
    expect(await Promise.all(futures.slice(0, 2))).toEqual([0, 1]);
  });
});

describe.each(pools)('$name pool: terminateWorkers', ({ Pool }) => {
  test('works when a getter of an argument calls it', async () => {
    const pool = new Pool({ maxWorkers: 1 });
    let ended: Promise<void> | undefined;
    const future = pool.submit(echo, {
      get value() {
        ended ??= pool.terminateWorkers();
        return 1;
      },
    });
    expect(await future.exception()).toBeInstanceOf(ExecutorTerminatedError);
    await ended;
  });

  test('ends blocked tasks and fails what is queued', async () => {
    await using gate = await makeGate();
    const pool = new Pool({ maxWorkers: 2 });
    const running = [
      pool.submit(spin, gate.path),
      pool.submit(spin, gate.path),
    ];
    const queued = pool.submit(add, 1, 2);
    await gate.arrived(2);
    await pool.terminateWorkers();
    for (const future of [...running, queued]) {
      expect(await future.exception()).toBeInstanceOf(ExecutorTerminatedError);
    }
    expect(() => pool.submit(add, 1, 2)).toThrow(/after terminateWorkers\(\)/);
  });

  test('works before any worker exists, during shutdown, and twice', async () => {
    await using gate = await makeGate();
    await new Pool().terminateWorkers();
    const pool = new Pool({ maxWorkers: 1 });
    const future = pool.submit(spin, gate.path);
    const closed = pool.shutdown();
    await gate.arrived(1);
    await pool.terminateWorkers();
    await pool.terminateWorkers();
    await closed;
    expect(future.failed).toBe(true);
  });

  test('ends workers that are still starting', async () => {
    const pool = new Pool({ maxWorkers: 2 });
    const futures = [1, 2, 3].map((n) => pool.submit(double, n));
    await pool.terminateWorkers();
    for (const future of futures) expect(future.failed).toBe(true);
  });
});
