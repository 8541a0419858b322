import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  AsyncExecutor,
  DeadlockError,
  SerialExecutor,
  TaskGroup,
  ThreadPoolExecutor,
  TimeoutError,
  wait,
  type Future,
} from '@concurrent-executors/executor';
import { double, passGate } from '../fixtures/tasks.mjs';
import { makeGate } from '../support/gate.ts';

const inner = (n: number): number => n * 2;

const makers = [
  ['AsyncExecutor', () => new AsyncExecutor({ maxWorkers: 1 })],
  ['SerialExecutor', () => new SerialExecutor()],
] as const;

describe.each(makers)('%s with one place: a deadlock', (name, make) => {
  test.each<[string, (future: Future<number>) => unknown]>([
    ['await', async (future) => future],
    ['result()', (future) => future.result()],
    ['Promise.all', (future) => Promise.all([future])],
    ['wait()', (future) => wait([future])],
  ])('fails the awaited task: %s', async (_, awaitFuture) => {
    await using executor = make();
    let future: Future<number> | undefined;
    const outer = executor.submit(async () => {
      future = executor.submit(inner, 1);
      await awaitFuture(future);
    });
    await outer.exception();
    const error = await future?.exception();
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error).toMatchObject({
      code: 'ERR_DEADLOCK',
      message: `task inner can never start: ${name} has maxWorkers 1, and each task that runs waits for another task of the same executor; raise maxWorkers, use another executor for inner, or call the function itself`,
    });
    expect(await executor.submit(inner, 4)).toBe(8);
  });

  test('fails each awaited task, also of map, invokeAll and a group', async () => {
    await using executor = make();
    const outer = executor.submit(async () => {
      const all = await Promise.allSettled([
        executor.submit(inner, 1),
        executor.submit(inner, 2),
      ]);
      const invoked = await executor.invokeAll([[inner, 3]]);
      const group = new TaskGroup(executor);
      group.submit(inner, 4);
      const errors = all.map((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as unknown) : 'none',
      );
      errors.push(invoked[0].snapshot().exception);
      errors.push(await group.join().catch((error: unknown) => error));
      errors.push(
        await executor
          .map(inner, [5])
          .next()
          .catch((error: unknown) => error),
      );
      return errors;
    });
    const errors = await outer;
    expect(errors).toHaveLength(5);
    for (const error of errors) expect(error).toBeInstanceOf(DeadlockError);
  });

  test('is no deadlock: a task that is only submitted, or waited for with a limit', async () => {
    await using executor = make();
    const outer = executor.submit(async () => {
      const future = executor.submit(inner, 1);
      await expect(future.result({ timeout: 5 })).rejects.toThrow(TimeoutError);
      await expect(
        executor.with({ queueTimeout: 5 }).submit(inner, 1),
      ).rejects.toThrow(TimeoutError);
      void future.then((n) => n);
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      return { future };
    });
    const { future } = await outer;
    expect(await future).toBe(2);
  });

  test('is no deadlock: waiting for a task of another executor', async () => {
    await using gate = await makeGate();
    await using executor = make();
    await using other = new AsyncExecutor({ maxWorkers: 1 });
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const outer = executor.submit(async () => {
      const n = await other.submit(async () => pool.submit(double, 4));
      return Number(await pool.submit(passGate, gate.path, n)) + 1;
    });
    await gate.arrived(1);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    gate.open();
    expect(await outer).toBe(9);
  });
});

describe('AsyncExecutor with two places', () => {
  test('a chain that is too deep fails at its end, and the rest goes on', async () => {
    await using executor = new AsyncExecutor({ maxWorkers: 2 });
    const depth = async (n: number): Promise<number> => {
      if (n === 0) return 0;
      const below = executor.submit(depth, n - 1);
      try {
        return (await below) + 1;
      } catch (error) {
        expect(error).toBeInstanceOf(DeadlockError);
        return -10;
      }
    };
    expect(await executor.submit(depth, 1)).toBe(1);
    // The second has the last place: the third cannot start.
    expect(await executor.submit(depth, 5)).toBe(-9);
  });

  test('two tasks that wait for queued ones: one fails, the other goes on', async () => {
    await using executor = new AsyncExecutor({ maxWorkers: 2 });
    const outer = async (n: number): Promise<number> => {
      await setImmediate();
      return executor.submit(inner, n);
    };
    const outcomes = await Promise.all(
      [1, 2].map((n) => executor.submit(outer, n).exception()),
    );
    expect(outcomes[0]).toBeUndefined();
    expect(outcomes[1]).toBeInstanceOf(DeadlockError);
  });

  test('is no deadlock: one task does not wait', async () => {
    await using gate = await makeGate();
    await using executor = new AsyncExecutor({ maxWorkers: 2 });
    const held = executor.submit(passGate, gate.path, 'held');
    const outer = executor.submit(async () => executor.submit(inner, 4));
    await gate.arrived(1);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    expect(outer.state).toBe('running');
    gate.open();
    expect(await outer).toBe(8);
    expect(await held).toBe('held');
  });

  test('to look at a future is no wait for it', async () => {
    await using executor = new AsyncExecutor({ maxWorkers: 1 });
    let future: Future<number> | undefined;
    const outer = executor.submit(async () => {
      future = executor.submit(inner, 4);
      void future.then((result) => result);
      const shown = inspect(future);
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      return shown;
    });
    expect(await outer).toMatch(/state=pending/);
    expect(await future).toBe(8);
  });

  test('is no deadlock: what was awaited has ended in between', async () => {
    await using executor = new AsyncExecutor({ maxWorkers: 2 });
    const outer = executor.submit(async () => {
      const sums: number[] = [];
      for (let n = 0; n < 50; n += 1) {
        sums.push(await executor.submit(async () => setImmediate(n)));
      }
      return sums.length;
    });
    expect(await outer).toBe(50);
  });

  test('a task that ended without its wait does not count any more', async () => {
    await using gate = await makeGate();
    await using executor = new AsyncExecutor({ maxWorkers: 2 });
    const held = executor.submit(passGate, gate.path, 'held');
    const futures: Future<number>[] = [];
    for (let n = 0; n < 4; n += 1) {
      const leave = executor.submit(async () => {
        const future = executor.submit(inner, n);
        futures.push(future);
        await Promise.race([future, setImmediate()]);
      });
      await leave;
    }
    gate.open();
    await held;
    expect(await Promise.all(futures)).toEqual([0, 2, 4, 6]);
  });
});

test('a call that is to be made again can be aborted while it waits', async () => {
  await using gate = await makeGate();
  await using executor = new AsyncExecutor({ maxWorkers: 1 });
  let attempts = 0;
  const future = executor.with({ retries: 1 }).submit(async () => {
    attempts += 1;
    await passGate(gate.path, null);
    throw new Error('again');
  });
  await gate.arrived(1);
  const urgent = executor.with({ priority: 1 });
  const next = urgent.submit(passGate, gate.path, 'next');
  gate.open(1);
  await gate.arrived(2);
  expect(future.state).toBe('running');
  future.abort('enough');
  expect(future.snapshot().exception).toMatchObject({ code: 'ERR_ABORTED' });
  gate.open();
  expect(await next).toBe('next');
  await executor.shutdown();
  expect(attempts).toBe(1);
});
