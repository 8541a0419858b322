/*
 * Types are part of the interface. `tsc` checks this file; running it only
 * shows that the expressions exist. @ts-expect-error is the assertion here: it
 * fails where the line compiles.
 */
import { describe, expectTypeOf, test } from 'vitest';
import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  TaskGroup,
  ThreadPoolExecutor,
  asCompleted,
  inline,
  moduleTasks,
  task,
  wait,
  type Executor,
  type Future,
  type FutureSnapshot,
  type MapResults,
  type Submitter,
  type Task,
} from '@concurrent-executors/executor';

const check = task(
  import.meta.url,
  function check(n: bigint, label = 'none'): boolean {
    return n > 0n && label !== '';
  },
);
const load = task(
  import.meta.url,
  async function load(path: string): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(path.length));
  },
);

describe('types', () => {
  test('a task is a function that keeps its type', () => {
    expectTypeOf(check).toBeCallableWith(1n);
    expectTypeOf(check(1n, 'x')).toEqualTypeOf<boolean>();
    expectTypeOf(check).toExtend<Task<[bigint, string?], boolean>>();
  });

  test('futures have the type of the result', async () => {
    const executor: Executor = new SerialExecutor();
    expectTypeOf(executor.submit(check, 1n)).toEqualTypeOf<Future<boolean>>();
    expectTypeOf(executor.submit(load, 'p')).toEqualTypeOf<
      Future<Uint8Array>
    >();
    expectTypeOf(await executor.submit(load, 'p')).toEqualTypeOf<Uint8Array>();
    expectTypeOf(executor.map(check, [1n])).toEqualTypeOf<
      MapResults<boolean>
    >();
    expectTypeOf(executor.map(check, new Set([1n]), ['a'])).toEqualTypeOf<
      MapResults<boolean>
    >();
    for await (const future of asCompleted([executor.submit(check, 1n)])) {
      expectTypeOf(await future.result()).toEqualTypeOf<boolean>();
    }
    const snapshot = executor.submit(check, 1n).snapshot();
    expectTypeOf(snapshot).toEqualTypeOf<FutureSnapshot<boolean>>();
    if (snapshot.state === 'finished' && !snapshot.failed) {
      expectTypeOf(snapshot.result).toEqualTypeOf<boolean>();
    }
    const { done } = await wait([executor.submit(check, 1n)]);
    expectTypeOf(done).toEqualTypeOf<ReadonlySet<Future<boolean>>>();
    await executor.shutdown();
  });

  test('wrong arguments do not compile', () => {
    const submitWrong = (executor: Executor): void => {
      // @ts-expect-error a number is no bigint
      executor.submit(check, 1);
      // @ts-expect-error an argument is missing
      executor.submit(load);
      // @ts-expect-error one argument too many
      executor.submit(load, 'p', 'q');
      // @ts-expect-error the items are no bigints
      executor.map(check, [1, 2]);
      // @ts-expect-error a plain function is no task
      executor.submit((n: number) => n, 1);
    };
    expectTypeOf(submitWrong).toBeFunction();
  });

  test('the executor in this process takes any function', async () => {
    await using executor = new AsyncExecutor();
    const factor = 2;
    const future = executor.submit((n: number) => n * factor, 21);
    expectTypeOf(future).toEqualTypeOf<Future<number>>();
    // @ts-expect-error the argument must fit the closure, too
    void executor.submit((n: number) => n, 'x');
  });

  test('calls are typed one by one', async () => {
    await using executor = new AsyncExecutor();
    const pool: Executor = executor;
    const [checked, loaded] = await pool.invokeAll([
      [check, 1n],
      [load, 'p'],
    ]);
    expectTypeOf(checked).toEqualTypeOf<Future<boolean>>();
    expectTypeOf(loaded).toEqualTypeOf<Future<Uint8Array>>();
    const calls = [1n, 2n].map((n) => [check, n] as const);
    expectTypeOf(await pool.invokeAll(calls)).toEqualTypeOf<
      Future<boolean>[]
    >();
    const first = await pool.invokeAny([
      [check, 1n, 'x'],
      [load, 'p'],
    ]);
    expectTypeOf(first).toEqualTypeOf<boolean | Uint8Array>();
    const label = 'closure';
    const [closure] = await executor.invokeAll([
      [(n: number) => `${label} ${String(n)}`, 1],
    ]);
    expectTypeOf(closure).toEqualTypeOf<Future<string>>();

    const invokeWrong = (): void => {
      // @ts-expect-error a number is no bigint
      void pool.invokeAll([[check, 1]]);
      // @ts-expect-error the second call lacks an argument
      void pool.invokeAll([[check, 1n], [load]]);
      // @ts-expect-error one argument too many
      void pool.invokeAny([[load, 'p', 'q']]);
      // @ts-expect-error a plain function is no task
      void pool.invokeAny([[(n: number) => n, 1]]);
      // @ts-expect-error the argument must fit the closure, too
      void executor.invokeAny([[(n: number) => n, 'x']]);
    };
    expectTypeOf(invokeWrong).toBeFunction();
  });

  test('a group takes what its executor takes', async () => {
    await using executor = new AsyncExecutor();
    const pool: Executor = executor;
    const result = TaskGroup.run(pool, async (group) => {
      expectTypeOf(group.submit(check, 1n)).toEqualTypeOf<Future<boolean>>();
      // @ts-expect-error a plain function is no task
      const wrong = (): unknown => group.submit((n: number) => n, 1);
      expectTypeOf(wrong).toBeFunction();
      return group.submit(load, 'p');
    });
    expectTypeOf(result).toEqualTypeOf<Promise<Uint8Array>>();
    await result;
    const first = await TaskGroup.run(
      executor,
      (group) => {
        const closure = group.submit((n: number) => n, 1);
        return Promise.any([closure, group.submit(check, 1n)]);
      },
      { policy: 'first-success' },
    );
    expectTypeOf(first).toEqualTypeOf<number | boolean>();
    expectTypeOf<TaskGroup<AsyncExecutor>>().toExtend<Submitter>();
  });

  test('an inline task has the type of its function', () => {
    const sum = inline((a: number, b: number) => a + b);
    expectTypeOf(sum).toEqualTypeOf<Task<[number, number], Promise<number>>>();
    const wrong = (executor: Executor): void => {
      expectTypeOf(executor.submit(sum, 1, 2)).toEqualTypeOf<Future<number>>();
      // @ts-expect-error an argument is missing
      executor.submit(sum, 1);
    };
    expectTypeOf(wrong).toBeFunction();
  });

  test('the backend is a one-word change', () => {
    expectTypeOf(ThreadPoolExecutor).instance.toExtend<Executor>();
    expectTypeOf(ProcessPoolExecutor).instance.toExtend<Executor>();
    expectTypeOf(AsyncExecutor).instance.toExtend<Executor>();
    expectTypeOf(SerialExecutor).instance.toExtend<Executor>();
  });

  test('module tasks have the types of the exports, and no other names', () => {
    const path = moduleTasks<typeof import('node:path')>('node:path');
    expectTypeOf(path.basename).toBeCallableWith('a/b.ts', '.ts');
    expectTypeOf(path.basename).returns.toEqualTypeOf<Promise<string>>();
    expectTypeOf<'sep'>().not.toExtend<keyof typeof path>();
  });
});
