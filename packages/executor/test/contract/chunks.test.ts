/* A map that sends several items as one task: the consumer sees no difference. */
import { describe, expect, test } from 'vitest';
import {
  OptionRangeError,
  OptionTypeError,
  TimeoutError,
  WorkerExitError,
} from '@concurrent-executors/executor';
import { add, double, passGate, throwTimeout } from '../fixtures/tasks.mjs';
import { exitAt } from '../fixtures/worker-tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

const numbers = Array.from({ length: 40 }, (_, n) => n);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe.each(backends)('$name: map in chunks', ({ make }) => {
  test('every chunkSize gives all results in order', async () => {
    await using executor = make();
    for (const chunkSize of [1, 3, 6, 40, 50, 'auto'] as const) {
      const view = executor.with({ chunkSize });
      const doubled = numbers.map((n) => n * 2);
      expect(await collect(view.map(double, numbers))).toEqual(doubled);
      expect(await collect(view.map(add, numbers, numbers))).toEqual(doubled);
      expect(await collect(view.map(double, []))).toEqual([]);
    }
  });

  test('auto gives the results of many items in order, and fails each alone', async () => {
    await using executor = make();
    const view = executor.with({ chunkSize: 'auto', bufferSize: 100 });
    const many = Array.from({ length: 5_000 }, (_, n) => n);
    expect(await collect(view.map(double, many))).toEqual(
      many.map((n) => n * 2),
    );
    const results = view.map(throwTimeout, [0, 1, 2], [1, 1, 1]);
    expect((await results.next()).value).toBe(0);
    await expect(results.next()).rejects.toThrow(TimeoutError);
    expect((await results.next()).value).toBe(2);
  });

  test.each([
    ['1', OptionTypeError, 'chunkSize must be an integer, got "1"'],
    [1.5, OptionTypeError, 'chunkSize must be an integer, got 1.5'],
    [0, OptionRangeError, 'chunkSize must be greater than 0, got 0'],
    [-1, OptionRangeError, 'chunkSize must be greater than 0, got -1'],
  ])('a chunkSize of %j is refused', async (chunkSize, ErrorClass, message) => {
    await using executor = make();
    // The type forbids some; JavaScript callers can still pass them.
    const options = { chunkSize: chunkSize as number };
    expect(() => executor.with(options)).toThrow(new ErrorClass(message));
  });

  test('an item that throws fails alone, and the others of its chunk still come', async () => {
    await using executor = make();
    const view = executor.with({ chunkSize: 3 });
    const results = view.map(throwTimeout, [0, 1, 2, 3], [1, 1, 1, 1]);
    expect((await results.next()).value).toBe(0);
    await expect(results.next()).rejects.toThrow(TimeoutError);
    expect((await results.next()).value).toBe(2);
    expect((await results.next()).value).toBe(3);
    expect((await results.next()).done).toBe(true);
    expect((await results.next()).done).toBe(true);
  });

  test('return() ends it in the middle of a chunk', async () => {
    await using executor = make();
    const results = executor.with({ chunkSize: 3 }).map(double, numbers);
    expect((await results.next()).value).toBe(0);
    await results.return();
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });
});

describe.each(concurrentBackends)('$name: chunks and time', ({ make }) => {
  test('a deadline ends a map in chunks, once', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const paths = numbers.map(() => gate.path);
    const results = executor
      .with({ chunkSize: 3, deadline: 1 })
      .map(passGate, paths, numbers);
    await expect(results.next()).rejects.toThrow(TimeoutError);
    expect((await results.next()).done).toBe(true);
    gate.open();
  });
});

describe.each(pools)('$name pool: chunks and crashes', ({ Pool }) => {
  test('a crash fails the items of its chunk, and no others', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const view = pool.with({ chunkSize: 2 });
    const results = view.map(exitAt, [0, 1, 2, 3, 4], Array<number>(5).fill(2));
    const outcomes: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      outcomes.push(
        await results.next().then(
          ({ value }) => value,
          (error: unknown) => error,
        ),
      );
    }
    expect(outcomes[2]).toBeInstanceOf(WorkerExitError);
    expect(outcomes[3]).toBeInstanceOf(WorkerExitError);
    expect([outcomes[0], outcomes[1], outcomes[4]]).toEqual([0, 1, 4]);
  });
});
