import { describe, expect, test } from 'vitest';
import {
  ExecutorShutdownError,
  OptionRangeError,
  OptionTypeError,
  TimeoutError,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  echo,
  passGate,
  throwError,
  throwTimeout,
  where,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

/** Counts what was taken from it, and whether it was closed. */
function counted(length = Infinity): {
  items: Generator<number>;
  taken: () => number;
  closed: () => boolean;
} {
  let taken = 0;
  let closed = false;
  function* generate(): Generator<number> {
    try {
      while (taken < length) yield taken++;
    } finally {
      closed = true;
    }
  }
  return { items: generate(), taken: () => taken, closed: () => closed };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe.each(backends)('$name: map', ({ make }) => {
  test('gives the results in the order of the input', async () => {
    await using executor = make();
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    expect(await collect(executor.map(double, numbers))).toEqual(
      numbers.map((n) => n * 2),
    );
    expect(await collect(executor.map(double, []))).toEqual([]);
  });

  test('takes one iterable for each parameter and ends with the shortest', async () => {
    await using executor = make();
    expect(
      await collect(executor.map(add, [1, 2, 3], counted().items)),
    ).toEqual([1, 3, 5]);
  });

  test('takes async iterables', async () => {
    await using executor = make();
    async function* numbers(): AsyncGenerator<number> {
      for (let n = 0; n < 10; n += 1) {
        await Promise.resolve();
        yield n;
      }
    }
    expect(await collect(executor.map(double, numbers()))).toHaveLength(10);
    expect(await collect(executor.map(add, numbers(), [10, 20]))).toEqual([
      10, 21,
    ]);
  });

  test('takes an endless iterable, a bounded number of items ahead', async () => {
    await using executor = make();
    const source = counted();
    const results = executor.map(double, source.items);
    expect(source.taken()).toBe(1024);
    expect((await results.next()).value).toBe(0);
    expect((await results.next()).value).toBe(2);
    expect(source.taken()).toBe(1026);
    await results.return();
    expect(source.closed()).toBe(true);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('an early break closes the input', async () => {
    await using executor = make();
    const source = counted();
    for await (const result of executor.map(double, source.items)) {
      if (result === 6) break;
    }
    expect(source.closed()).toBe(true);
  });

  test('a failing item throws at its position, and later ones still come', async () => {
    await using executor = make();
    const tasks = executor.map(throwError, ['one', 'two']);
    await expect(tasks.next()).rejects.toThrow('one');
    await expect(tasks.next()).rejects.toThrow('two');
    expect(await tasks.next()).toEqual({ done: true, value: undefined });
    expect(await tasks.next()).toEqual({ done: true, value: undefined });
  });

  test('an input that throws fails after the results before it', async () => {
    await using executor = make();
    function* failing(): Generator<number> {
      yield 1;
      throw new SyntaxError('bad input');
    }
    const results = executor.map(echo, failing());
    expect(await results.next()).toEqual({ done: false, value: 1 });
    await expect(results.next()).rejects.toThrow('bad input');
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test('submits without being read, and its tasks survive a shutdown', async () => {
    const executor = make();
    const source = counted(3);
    const results = executor.map(double, source.items);
    await executor.shutdown();
    expect(source.taken()).toBe(3);
    expect(await collect(results)).toEqual([0, 2, 4]);
  });

  test('can be printed before any result exists', async () => {
    await using executor = make();
    expect(String(executor.map(double, [1]))).toBe('<MapResults of double>');
  });

  test('calls of next() that overlap get the results in order', async () => {
    await using executor = make();
    const results = executor.map(double, [1, 2, 3]);
    const steps = await Promise.all([1, 2, 3, 4].map(() => results.next()));
    expect(steps.map(({ value }) => value)).toEqual([2, 4, 6, undefined]);
  });
});

describe.each(backends)('$name: map and its bounds', ({ make }) => {
  test('a TimeoutError that a task throws is that of its item, not the deadline', async () => {
    await using executor = make();
    for (const deadline of [Infinity, 60_000]) {
      const view = executor.with({ deadline });
      const results = view.map(throwTimeout, [1, 2], [1, 1]);
      await expect(results.next()).rejects.toThrow(TimeoutError);
      expect((await results.next()).value).toBe(2);
      expect((await results.next()).done).toBe(true);
    }
  });

  test('return() ends it, however many results are there', async () => {
    await using executor = make();
    for (const bufferSize of [1, 3, 10]) {
      const results = executor.with({ bufferSize }).map(double, [1, 2, 3, 4]);
      expect((await results.next()).value).toBe(2);
      await results.return();
      expect(await results.next()).toEqual({ done: true, value: undefined });
      expect(await results.return()).toEqual({ done: true, value: undefined });
    }
  });

  test.each(['foo', 2.5, NaN, null, '3'])(
    'a bufferSize of %j is refused before anything is taken',
    async (bufferSize) => {
      await using executor = make();
      // The type forbids it; JavaScript callers can still pass it.
      const options = { bufferSize: bufferSize as unknown as number };
      expect(() => executor.with(options)).toThrow(
        new OptionTypeError(
          `bufferSize must be an integer, got ${JSON.stringify(bufferSize) === 'null' ? String(bufferSize) : JSON.stringify(bufferSize)}`,
        ),
      );
    },
  );

  test.each([0, -1])(
    'a bufferSize of %i is out of range',
    async (bufferSize) => {
      await using executor = make();
      expect(() => executor.with({ bufferSize })).toThrow(
        new OptionRangeError(
          `bufferSize must be greater than 0, got ${String(bufferSize)}`,
        ),
      );
    },
  );

  test('every bufferSize gives all results in order', async () => {
    await using executor = make();
    const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
    for (const bufferSize of [1, 2, 8, 16]) {
      const view = executor.with({ bufferSize });
      expect(await collect(view.map(double, numbers))).toEqual(
        numbers.map((n) => n * 2),
      );
      expect(await collect(view.map(add, numbers, new Set(numbers)))).toEqual(
        numbers.map((n) => n * 2),
      );
      expect(await collect(view.map(double, []))).toEqual([]);
    }
  });

  test('endless iterables give their first results with a small bufferSize', async () => {
    await using executor = make();
    const [one, other, third] = [counted(), counted(), counted()];
    const view = executor.with({ bufferSize: 2 });
    const single = view.map(double, one.items);
    const several = view.map(add, other.items, third.items);
    for (const n of [0, 1, 2]) {
      expect((await single.next()).value).toBe(n * 2);
      expect((await several.next()).value).toBe(n * 2);
    }
    expect([one, other, third].map(({ taken }) => taken())).toEqual([5, 5, 5]);
    await Promise.all([single.return(), several.return()]);
    expect([one, other, third].every(({ closed }) => closed())).toBe(true);
  });

  test('without an iterable it is over at once', async () => {
    await using executor = make();
    expect(await collect(executor.map(where))).toEqual([]);
    expect(await collect(executor.with({ bufferSize: 1 }).map(where))).toEqual(
      [],
    );
  });

  test('failing items that nobody asks for cause no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    const executor = make();
    const results = executor.map(throwError, ['one', 'two', 'three', 'four']);
    await expect(results.next()).rejects.toThrow('one');
    await executor.shutdown();
    await results.return();
    await new Promise(setImmediate);
    process.off('unhandledRejection', hear);
    expect(unhandled).toEqual([]);
  });

  test('after shutdown it gives what was submitted and takes nothing more', async () => {
    const executor = make();
    const source = counted();
    const results = executor.with({ bufferSize: 2 }).map(double, source.items);
    await executor.shutdown();
    expect(source.taken()).toBe(2);
    expect((await results.next()).value).toBe(0);
    expect((await results.next()).value).toBe(2);
    await expect(results.next()).rejects.toThrow(ExecutorShutdownError);
    expect(await results.next()).toEqual({ done: true, value: undefined });
    expect(source.closed()).toBe(true);
  });
});

describe.each(concurrentBackends)('$name: map and concurrency', ({ make }) => {
  test('leaving early cancels what has not started', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const paths = Array.from({ length: 5 }, () => gate.path);
    const results = executor.map(passGate, paths, [0, 1, 2, 3, 4]);
    const first = results.next();
    await gate.arrived(1);
    const closed = results.return();
    gate.open();
    expect((await first).value).toBe(0);
    await closed;
    // Had one of the others run, it would have been counted here before `last`.
    const last = executor.submit(passGate, gate.path, 'last');
    await gate.arrived(2);
    expect(await last).toBe('last');
  });

  test('what has not started at the deadline never runs', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const first = executor.submit(passGate, gate.path, 'first');
    await gate.arrived(1);
    const paths = [gate.path, gate.path, gate.path];
    const results = executor
      .with({ deadline: 0 })
      .map(passGate, paths, [0, 1, 2]);
    await expect(results.next()).rejects.toThrow(TimeoutError);
    expect((await results.next()).done).toBe(true);
    gate.open(1);
    expect(await first).toBe('first');
    // Had one of them run, it would have been counted here before `last`.
    const last = executor.submit(passGate, gate.path, 'last');
    await gate.arrived(2);
    gate.open();
    expect(await last).toBe('last');
  });
});

describe.each(backends)('$name: map that was left', ({ make }) => {
  test('throws nothing afterwards, also not that a task was refused', async () => {
    const executor = make();
    const results = executor.with({ bufferSize: 1 }).map(double, [1, 2, 3]);
    const closed = executor.shutdown();
    expect((await results.next()).value).toBe(2);
    await results.return();
    expect(await results.next()).toEqual({ value: undefined, done: true });
    await closed;
  });
});
