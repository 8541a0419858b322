import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  OptionRangeError,
  OptionTypeError,
  SerialExecutor,
  TimeoutError,
  type SubmitOptions,
} from '@concurrent-executors/executor';
import {
  add,
  byteLength,
  double,
  echo,
  failUntil,
  heedSignal,
  passGate,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

describe.each(backends)('$name: with(options)', ({ make }) => {
  test('submits and maps like the executor itself', async () => {
    await using executor = make();
    const view = executor.with({ priority: 1 });
    expect(await view.submit(add, 1, 2)).toBe(3);
    expect((await view.map(double, [21]).next()).value).toBe(42);
  });

  test('keeps options of the same name out of the arguments', async () => {
    await using executor = make();
    const view = executor.with({ retries: 1 }).with({ priority: 2 });
    // Retries come from the first view, the priority from the second.
    expect(await view.submit(failUntil, 2, false)).toBe(2);
    const error = await executor.submit(failUntil, 2, false).exception();
    expect(error).toMatchObject({ message: 'attempt 1' });
  });

  test('an argument with the names of options is an ordinary argument', async () => {
    await using executor = make();
    const argument = { timeout: -1, signal: 1, retries: 'x', task: 2, args: 3 };
    const view = executor.with({ retries: 1 });
    for (const submitter of [executor, view]) {
      expect(await submitter.submit(echo, argument)).toEqual(argument);
    }
  });

  test('a call without a task is refused at once', async () => {
    await using executor = make();
    // The type forbids it; JavaScript callers can still do it.
    const nothing = undefined as unknown as typeof double;
    expect(() => executor.submit(nothing, 1)).toThrow();
  });

  test('retries end with the error of the last attempt', async () => {
    await using executor = make();
    const future = executor.with({ retries: 2 }).submit(failUntil, 9, false);
    expect(await future.exception()).toMatchObject({ message: 'attempt 3' });
  });

  test('a signal that is aborted already cancels before anything runs', async () => {
    await using executor = make();
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    const future = executor.with({ signal }).submit(double, 1);
    expect(future.state).toBe('cancelled');
    const thrown: unknown = await future.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(CancelledError);
    expect((thrown as Error).cause).toBe(reason);
  });

  test('a signal has no listener left when the tasks are done', async () => {
    await using executor = make();
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') listeners += 1;
        if (name === 'removeEventListener') listeners -= 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function'
          ? (value.bind(target) as unknown)
          : value;
      },
    });
    const view = executor.with({ signal: counted });
    await Promise.all([1, 2, 3].map((n) => view.submit(double, n)));
    await view.submit(failUntil, 2, false).exception();
    view.submit(double, 1).cancel();
    await executor.shutdown();
    expect(listeners).toBe(0);
  });

  test('bufferSize bounds how far map runs ahead', async () => {
    await using executor = make();
    for (const bufferSize of [1, 2, 10]) {
      let taken = 0;
      function* numbers(): Generator<number> {
        while (taken < 10) yield taken++;
      }
      const results = executor.with({ bufferSize }).map(double, numbers());
      expect(taken).toBe(bufferSize);
      const values: number[] = [];
      for await (const value of results) values.push(value);
      expect(values).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    }
  });

  test('a deadline that is kept changes nothing', async () => {
    await using executor = make();
    const results = executor.with({ deadline: 60_000 }).map(double, [1, 2]);
    expect((await results.next()).value).toBe(2);
    expect((await results.next()).value).toBe(4);
    expect((await results.next()).done).toBe(true);
  });

  test.each([
    [{ timeout: -1 }, OptionRangeError],
    [{ queueTimeout: NaN }, OptionTypeError],
    [{ retries: 1.5 }, OptionTypeError],
    [{ retries: -1 }, OptionRangeError],
    [{ priority: Infinity }, OptionTypeError],
    [{ bufferSize: 0 }, OptionRangeError],
    [{ deadline: '1' as unknown as number }, OptionTypeError],
    [{ signal: {} as AbortSignal }, OptionTypeError],
    [{ transfer: 1 as unknown as [] }, OptionTypeError],
  ] satisfies [SubmitOptions, unknown][])('refuses %o', (options, error) => {
    const executor = make();
    expect(() => executor.with(options)).toThrow(error);
  });
});

describe.each(concurrentBackends)('$name: limits of time', ({ make }) => {
  test('timeout counts from the start of the task and ends it', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const first = executor.submit(passGate, gate.path, 'first');
    const view = executor.with({ timeout: 1 });
    const limited = view.submit(heedSignal, gate.path);
    const next = executor.submit(add, 1, 1);
    await gate.arrived(1);
    expect(limited.state).toBe('pending');
    gate.open();
    expect(await first).toBe('first');
    const error = await limited.exception();
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain('task heedSignal ran longer than 1 ms');
    expect(await next).toBe(2);
  });

  test('queueTimeout counts from submit, and the task never runs', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const first = executor.submit(passGate, gate.path, 'first');
    await gate.arrived(1);
    const late = executor
      .with({ queueTimeout: 1 })
      .submit(passGate, gate.path, 'late');
    const error = await late.exception();
    expect(error).toBeInstanceOf(TimeoutError);
    expect(String(error)).toContain('was not started within 1 ms');
    expect(late.cancel()).toBe(false);
    gate.open(1);
    const last = executor.submit(passGate, gate.path, 'last');
    await gate.arrived(2); // first and last
    gate.open();
    expect(await Promise.all([first, last])).toEqual(['first', 'last']);
  });

  test('a map that is late throws once, cancels the rest, and is over', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const results = executor
      .with({ deadline: 1 })
      .map(passGate, [gate.path, gate.path, gate.path], [0, 1, 2]);
    await expect(results.next()).rejects.toThrow(
      new TimeoutError('map over passGate was not done within 1 ms'),
    );
    expect(await results.next()).toEqual({ done: true, value: undefined });
    gate.open();
    const last = executor.submit(passGate, gate.path, 'last');
    expect(await last).toBe('last');
  });

  test('what was done before the deadline still comes after it', async () => {
    await using gate = await makeGate();
    await using open = await makeGate();
    open.open();
    await using executor = make(1);
    await executor.submit(double, 1); // the worker has started
    const view = executor.with({ deadline: 500 });
    const results = view.map(
      passGate,
      [open.path, gate.path, gate.path],
      [0, 1, 2],
    );
    // Its deadline is not before the one above.
    await expect(view.map(passGate, [gate.path], [3]).next()).rejects.toThrow(
      TimeoutError,
    );
    expect((await results.next()).value).toBe(0);
    await expect(results.next()).rejects.toThrow(TimeoutError);
    expect((await results.next()).done).toBe(true);
    gate.open();
  });
});

describe.each(concurrentBackends)('$name: priority', ({ make }) => {
  test('higher ones go first, equal ones in order', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const first = executor.submit(passGate, gate.path, 'first');
    await gate.arrived(1);
    const finished: string[] = [];
    const futures = [
      ['low', -1],
      ['a', 0],
      ['high', 5],
      ['b', 0],
      ['higher', 6],
      ['high too', 5],
    ] as const;
    for (const [name, priority] of futures) {
      executor
        .with({ priority })
        .submit(passGate, gate.path, name)
        .addDoneCallback(() => finished.push(name));
    }
    gate.open();
    await first;
    await executor.shutdown();
    expect(finished).toEqual(['higher', 'high', 'high too', 'a', 'b', 'low']);
  });
});

describe.each(concurrentBackends)('$name: priority', ({ make }) => {
  test('a fraction lies between integers', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const first = executor.submit(passGate, gate.path, 'first');
    await gate.arrived(1);
    const finished: number[] = [];
    for (const priority of [5, 5.5, 6]) {
      executor
        .with({ priority })
        .submit(passGate, gate.path, priority)
        .addDoneCallback(() => finished.push(priority));
    }
    gate.open();
    await first;
    await executor.shutdown();
    expect(finished).toEqual([6, 5.5, 5]);
  });
});

describe.each(pools)('$name pool: retries and transfer', ({ name, Pool }) => {
  test('a crash is retried on a new worker, when told so', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const future = pool.with({ retries: 2 }).submit(failUntil, 3, true);
    const behind = pool.submit(double, 1);
    expect(await future).toBe(3);
    expect(await behind).toBe(2);
  });

  test('a crash that goes on ends with its error', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const future = pool.with({ retries: 1 }).submit(failUntil, 9, true);
    expect(await future.exception()).toMatchObject({
      code: 'ERR_WORKER_EXIT',
      exitCode: 2,
    });
  });

  test('a transferred buffer arrives', async () => {
    await using pool = new Pool();
    const buffer = new ArrayBuffer(1 << 20);
    const length = pool.with({ transfer: [buffer] }).submit(byteLength, buffer);
    expect(await length).toBe(1 << 20);
    expect(buffer.byteLength).toBe(name === 'thread' ? 0 : 1 << 20);
  });
});

test('a task that is done when submit returns is never late', async () => {
  await using executor = new SerialExecutor();
  const view = executor.with({ timeout: 1, queueTimeout: 1, deadline: 1 });
  expect(view.submit(add, 1, 2).state).toBe('finished');
  expect((await view.map(add, [1], [2]).next()).value).toBe(3);
});
