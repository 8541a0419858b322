import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  AsyncExecutor,
  ExecutorShutdownError,
  OptionRangeError,
  OptionTypeError,
  TaskInvalidError,
  taskContext,
  type Task,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  echo,
  heedSignal,
  passGate,
  throwError,
  throwValue,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

describe.each(backends)('$name: invokeAll', ({ make }) => {
  test('gives all futures, done and in order, and throws nothing', async () => {
    await using executor = make();
    const futures = await executor.invokeAll([
      [add, 2, 3],
      [throwError, 'too far'],
      [throwValue, undefined],
      [double, 4],
    ]);
    expect(futures.map((future) => future.snapshot())).toMatchObject([
      { result: 5 },
      { failed: true, exception: { message: 'too far' } },
      { failed: true, exception: undefined },
      { result: 8 },
    ]);
    expect(await executor.invokeAll([])).toEqual([]);
  });

  test('heeds the options of with(), as invokeAny does', async () => {
    await using executor = make();
    const aborted = executor.with({ signal: AbortSignal.abort('no') });
    const [future] = await aborted.invokeAll([[double, 1]]);
    expect(future.cancelled).toBe(true);
    await expect(aborted.invokeAny([[double, 1]])).rejects.toMatchObject({
      errors: [{ code: 'ERR_CANCELLED', cause: 'no' }],
    });
  });

  test('refuses what submit refuses, and what is no call', async () => {
    const executor = make();
    const notCalls = [add] as unknown as [];
    await expect(executor.invokeAll(notCalls)).rejects.toThrow(
      new OptionTypeError(
        'each call of invokeAll must be an array [task, ...args]; number 0 is not',
      ),
    );
    await executor.shutdown();
    await expect(executor.invokeAll([[add, 1, 2]])).rejects.toThrow(
      ExecutorShutdownError,
    );
    await expect(executor.invokeAny([[add, 1, 2]])).rejects.toThrow(
      ExecutorShutdownError,
    );
  });
});

describe.each(backends)('$name: invokeAny', ({ make }) => {
  test('gives the first result, whatever fails before', async () => {
    await using executor = make();
    const calls = [
      [throwError, 'too far'],
      [throwValue, null],
      [double, 4],
    ] as const;
    expect(await executor.invokeAny(calls)).toBe(8);
  });

  test('gives all errors in the order of the calls if all fail', async () => {
    await using executor = make();
    const error = await executor
      .invokeAny([
        [throwError, 'too far'],
        [throwValue, undefined],
      ])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    const { errors } = error as AggregateError;
    expect(errors).toEqual([
      expect.objectContaining({ message: 'too far' }),
      undefined,
    ]);
  });

  test('refuses to choose from no calls', async () => {
    await using executor = make();
    await expect(executor.invokeAny([])).rejects.toThrow(OptionRangeError);
  });
});

describe.each(concurrentBackends)('$name: invokeAny', ({ make }) => {
  test('aborts what runs, cancels what waits, and returns at once', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    await executor.invokeAll([
      [double, 1],
      [double, 2],
    ]);
    const first = executor.invokeAny([
      [heedSignal, gate.path],
      [passGate, gate.path, 'first'],
      [heedSignal, gate.path],
      [heedSignal, gate.path],
      [heedSignal, gate.path],
    ]);
    await gate.arrived(2);
    gate.open();
    expect(await first).toBe('first');
    await executor.submit(passGate, gate.path, 'next');
    // A pool may have given the third call to the worker of the second one.
    expect(gate.arrivals).toBeLessThanOrEqual(4);
  });
});

test('in the event loop, what runs is told to end, and nothing starts after the result', async () => {
  const executor = new AsyncExecutor({ maxWorkers: 2 });
  const started: string[] = [];
  let reason: unknown;
  const first = await executor.invokeAny([
    [
      async () => {
        const { signal } = taskContext();
        await once(signal, 'abort');
        reason = signal.reason;
      },
    ],
    [async () => Promise.resolve('first')],
    [() => started.push('third')],
  ]);
  expect(first).toBe('first');
  await executor.shutdown();
  expect(started).toEqual([]);
  expect(reason).toBeInstanceOf(AbortError);
});

describe.each(pools)('$name pool: invokeAll', ({ Pool }) => {
  test('a call that is refused takes back those before it', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 1 });
    const plain = ((n: number) => n) as Task<[number], number>; // it is none
    const refused = pool.invokeAll([
      [heedSignal, gate.path],
      [passGate, gate.path, 1],
      [plain, 1],
    ]);
    await expect(refused).rejects.toThrow(TaskInvalidError);
    await expect(pool.invokeAny([[plain, 1]])).rejects.toThrow(
      TaskInvalidError,
    );
    expect(await pool.submit(echo, 1)).toBe(1);
  });
});
