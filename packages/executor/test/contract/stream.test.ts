import { describe, expect, test } from 'vitest';
import {
  AbortError,
  AsyncExecutor,
  ResultNotSerializableError,
  WorkerExitError,
} from '@concurrent-executors/executor';
import {
  double,
  endlessNumbers,
  numbers,
  numbersThenExit,
  numbersThenThrow,
  syncNumbers,
  where,
  yieldFunction,
} from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe.each(backends)('$name: stream', ({ make }) => {
  test('gives the values of an async generator in order, and what it returns', async () => {
    await using executor = make();
    const stream = executor.stream(numbers, 100);
    expect(await collect(stream)).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    );
    expect(await stream.future).toBe('returned');
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('gives the values of a sync generator', async () => {
    await using executor = make();
    expect(await collect(executor.stream(syncNumbers, 50))).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
  });

  test('the task is at most bufferSize values ahead of the consumer', async () => {
    await using executor = make();
    const ahead: number[] = [];
    const stream = executor.with({ bufferSize: 4 }).stream(endlessNumbers);
    stream.future.addProgressCallback((n) => ahead.push(n as number));
    for (let n = 0; n < 30; n += 1) {
      expect(await stream.next()).toEqual({ value: n, done: false });
      // The task reports each value before it yields it, and prepares one more.
      expect(Math.max(...ahead)).toBeLessThanOrEqual(n + 1 + 4);
    }
    await stream.return();
  });

  test('an early break ends the task with its finally block, and the executor goes on', async () => {
    await using executor = make();
    await using gate = await makeGate();
    gate.open();
    const stream = executor.stream(endlessNumbers, gate.path);
    for await (const value of stream) if (value === 10) break;
    await gate.arrived(1); // by the finally block
    expect(stream.future.done).toBe(true);
    expect(await stream.future.exception()).toBeInstanceOf(AbortError);
    expect(await executor.submit(double, 1)).toBe(2);
  });

  test('throws what the task throws, after the values before it', async () => {
    await using executor = make();
    const stream = executor.with({ retries: 3 }).stream(numbersThenThrow, 3);
    const values: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const value of stream) values.push(value);
    };
    await expect(loop()).rejects.toThrow(new RangeError('after 3'));
    expect(values).toEqual([0, 1, 2]);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('a task that gives nothing to iterate over says so', async () => {
    await using executor = make();
    const stream = executor.stream(
      // What a JavaScript caller may pass.
      double as unknown as typeof numbers,
      1,
    );
    await expect(stream.next()).rejects.toThrow(/must be a generator/);
  });

  test('several at once do not mix', async () => {
    await using executor = make();
    const streams = [10, 20, 30].map((count) =>
      collect(executor.stream(numbers, count)),
    );
    const results = await Promise.all(streams);
    expect(results.map((values) => values.length)).toEqual([10, 20, 30]);
  });
});

describe.each(pools)('$name pool: stream', ({ Pool }) => {
  test('a value that cannot be sent fails the stream', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await expect(pool.stream(yieldFunction).next()).rejects.toThrow(
      ResultNotSerializableError,
    );
    expect(await pool.submit(double, 1)).toBe(2);
  });

  test('a crash fails the stream after the values before it', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const stream = pool.stream(numbersThenExit, 3);
    for (const n of [0, 1, 2]) {
      expect(await stream.next()).toEqual({ value: n, done: false });
    }
    await expect(stream.next()).rejects.toThrow(WorkerExitError);
    expect(await pool.submit(double, 1)).toBe(2);
  });

  test('a stream whose consumer is slow does not hold up other tasks of its worker', async () => {
    await using pool = new Pool({ maxWorkers: 1, tasksPerWorker: 2 });
    const stream = pool.with({ bufferSize: 1 }).stream(endlessNumbers);
    await stream.next();
    expect(await pool.submit(where)).toMatch(/\d/);
    await stream.return();
  });
});

test('a closure streams in this event loop', async () => {
  await using executor = new AsyncExecutor();
  const factor = 3;
  const stream = executor.stream(function* (count: number) {
    for (let n = 0; n < count; n += 1) yield n * factor;
  }, 4);
  expect(await collect(stream)).toEqual([0, 3, 6, 9]);
});
