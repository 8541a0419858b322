import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  ExecutorShutdownError,
  OptionRangeError,
  OptionTypeError,
  AsyncExecutor,
  ProcessPoolExecutor,
  TaskInvalidError,
  ThreadPoolExecutor,
  TimeoutError,
  moduleTasks,
  type Future,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  echo,
  passGate,
  throwError,
  throwValue,
  where,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { cancel, told } from '../support/told.ts';

describe.each(backends)('$name: what is no task', ({ make }) => {
  test.each([undefined, null, 7, 'double', {}])(
    'is refused: %o',
    async (candidate) => {
      await using executor = make();
      const wrong = candidate as typeof double; // what JavaScript callers may pass
      expect(() => executor.submit(wrong, 1)).toThrow(TaskInvalidError);
      expect(executor.stats().submitted).toBe(0);
    },
  );
});

describe.each(backends)('$name: submit', ({ name, make }) => {
  test('runs the task with its arguments', async () => {
    await using executor = make();
    expect(await executor.submit(add, 2, 3)).toBe(5);
    expect(await executor.submit(double, 4)).toBe(8);
  });

  test('carries values of every kind', async () => {
    await using executor = make();
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle['self'] = cycle;
    const values = [
      undefined,
      null,
      -0,
      2n ** 80n,
      'ß',
      new Map([['a', new Set([1])]]),
      new Date(0),
      new Float64Array([1.5]),
      cycle,
    ];
    for (const value of values) {
      expect(await executor.submit(echo, value)).toEqual(value);
    }
  });

  test('an instance of a class arrives as an object without it', async () => {
    class Point {
      x = 1;
      norm(): number {
        return Math.abs(this.x);
      }
    }
    await using executor = make();
    const point: object = await executor.submit(echo<object>, new Point());
    expect({ ...point }).toEqual({ x: 1 });
    const isHere = /Async|Serial/.test(name);
    expect(point instanceof Point).toBe(isHere);
  });

  test('keeps the class, message, cause and stack of an error', async () => {
    await using executor = make();
    const error = await executor.submit(throwError, 'too far').exception();
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ name: 'RangeError', message: 'too far' });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    expect((error as Error).stack).toContain('tasks.mjs');
  });

  test.each([undefined, null, 0, '', false])(
    'a task that throws %s rejects with exactly that',
    async (value) => {
      await using executor = make();
      const future = executor.submit(throwValue, value);
      const outcome = await future.then(
        () => 'returned',
        (thrown: unknown) => ({ thrown }),
      );
      expect(outcome).toEqual({ thrown: value });
      expect(future.failed).toBe(true);
      expect(await executor.submit(add, 1, 1)).toBe(2);
    },
  );

  test('runs exported functions of modules that know nothing of tasks', async () => {
    await using executor = make();
    const url = moduleTasks<typeof import('node:url')>('node:url');
    expect(await executor.submit(url.domainToASCII, 'español.com')).toBe(
      'xn--espaol-zwa.com',
    );
    const own = moduleTasks<typeof import('../fixtures/tasks.mjs')>(
      new URL('../fixtures/tasks.mjs', import.meta.url).href,
    );
    expect(await executor.submit(own.plainExport, 1)).toBe(2);
  });

  test('throws at once after shutdown, and so does map', async () => {
    const executor = make();
    await executor.shutdown();
    expect(() => executor.submit(add, 1, 2)).toThrow(ExecutorShutdownError);
    expect(() => executor.map(double, [1])).toThrow(
      /accepts no tasks after shutdown/,
    );
  });

  test('a future shows its id, state and result type', async () => {
    await using executor = make();
    const future = executor.submit(echo, new Map());
    await future;
    expect(inspect(future)).toBe(
      `<Future #${String(future.id)} state=finished returned Map>`,
    );
    expect(String(executor.submit(echo, 1))).toMatch(
      /^<Future #\d+ state=(pending|running|finished returned number)>$/,
    );
  });
});

describe.each(concurrentBackends)('$name: concurrency', ({ make }) => {
  test('runs maxWorkers tasks at once and no more', async () => {
    await using gate = await makeGate();
    await using executor = make(3);
    const futures = Array.from({ length: 5 }, (_, n) =>
      executor.submit(passGate, gate.path, n),
    );
    await gate.arrived(3);
    await told(() => {
      expect(futures.map(({ state }) => state)).toEqual([
        'running',
        'running',
        'running',
        'pending',
        'pending',
      ]);
    });
    gate.open(1);
    await gate.arrived(4);
    await told(() => {
      expect(futures.filter(({ state }) => state === 'pending')).toHaveLength(
        1,
      );
    });
    gate.open();
    expect(await Promise.all(futures)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a cancelled task never runs; a running one is not cancelled', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const first = executor.submit(passGate, gate.path, 'first');
    const second = executor.submit(passGate, gate.path, 'second');
    const third = executor.submit(passGate, gate.path, 'third');
    await gate.arrived(1);
    expect(first.cancel()).toBe(false);
    await cancel(second);
    expect(second.cancel()).toBe(true);
    gate.open(1);
    await gate.arrived(2); // first and third: second never came
    await told(() => {
      expect(third.state).toBe('running');
    });
    gate.open();
    expect(await third).toBe('third');
    await expect(second.result()).rejects.toThrow(CancelledError);
    await expect(second.exception()).rejects.toThrow(CancelledError);
    expect(first.cancel()).toBe(false);
  });

  test('result waits no longer than its timeout, and the task goes on', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const future = executor.submit(passGate, gate.path, 42);
    await expect(future.result({ timeout: 0 })).rejects.toThrow(TimeoutError);
    await told(() => {
      expect(future.state).toBe('running');
    });
    await expect(future.exception({ timeout: 1 })).rejects.toThrow(
      /state=running> was not done within 1 ms/,
    );
    gate.open();
    expect(await future.result({ timeout: 60_000 })).toBe(42);
    expect(await future.result({ timeout: 0 })).toBe(42);
    expect(await future.exception()).toBeUndefined();
  });
});

describe.each(pools)('$name pool: workers', ({ Pool }) => {
  test('runs tasks outside this thread, and uses an idle worker again', async () => {
    await using pool = new Pool({ maxWorkers: 4 });
    const first = await pool.submit(where);
    expect(first).not.toBe(where());
    for (let n = 0; n < 5; n += 1) expect(await pool.submit(where)).toBe(first);
  });

  test('starts only as many workers as there are tasks to run', async () => {
    await using gate = await makeGate();
    let workers = 0;
    const count = (): void => {
      workers += 1;
    };
    process.on('worker', count);
    subscribe('child_process', count);
    await using pool = new Pool({ maxWorkers: 5 });
    const waiting = [1, 2, 3].map((n) => pool.submit(passGate, gate.path, n));
    await gate.arrived(3);
    gate.open();
    await Promise.all(waiting);
    await Promise.all([1, 2, 3].map((n) => pool.submit(double, n)));
    process.off('worker', count);
    unsubscribe('child_process', count);
    expect(workers).toBe(3);
  });

  test('tasksPerWorker runs several waiting tasks on one worker', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 1, tasksPerWorker: 3 });
    const futures = [1, 2, 3, 4].map((n) =>
      pool.submit(passGate, gate.path, n),
    );
    await gate.arrived(3);
    expect(futures[3]?.state).toBe('pending');
    gate.open();
    expect(await Promise.all(futures)).toEqual([1, 2, 3, 4]);
  });

  test('refuses bad options with one clear line', () => {
    expect(() => new Pool({ maxWorkers: 0 })).toThrow(
      new OptionRangeError('maxWorkers must be greater than 0, got 0'),
    );
    expect(() => new Pool({ tasksPerWorker: 1.5 })).toThrow(
      new OptionTypeError('tasksPerWorker must be an integer, got 1.5'),
    );
  });
});

test('the default number of workers is what the machine can run at once', () => {
  const { maxWorkers } = new ThreadPoolExecutor();
  expect(maxWorkers).toBe(new ProcessPoolExecutor().maxWorkers);
  expect(new AsyncExecutor().maxWorkers).toBe(32);
  expect(() => new AsyncExecutor({ maxWorkers: -1 })).toThrow(OptionRangeError);
});

describe.each(pools)('$name pool: getters among the arguments', ({ Pool }) => {
  test('one that submits does not hold up its own task for ever', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const nested: Future<unknown>[] = [];
    const future = pool.submit(echo, {
      get value() {
        // Each time the nested task takes the only place.
        nested.push(pool.submit(add, 1, 1));
        return 'sent';
      },
    });
    expect(await future).toEqual({ value: 'sent' });
    // A codec may read a getter more than once, but not for each turn of the queue.
    expect(nested.length).toBeLessThan(4);
    expect(await Promise.all(nested)).toEqual(nested.map(() => 2));
  });
});

test('a task that goes next starts after the future before it is cancelled', async () => {
  await using executor = new AsyncExecutor({ maxWorkers: 1 });
  const states: unknown[] = [];
  const first = executor.submit(async () => {
    await Promise.resolve();
  });
  const cancelled = executor.submit(() => 'never');
  const next = executor.submit(() => {
    states.push(cancelled.state, cancelled.cancel(), executor.stats().pending);
  });
  // In a callback the place of the first one is free, and not yet taken.
  first.addDoneCallback(() => {
    states.push(cancelled.cancel());
  });
  await next;
  expect(states).toEqual(['cancelled', true, 0, true]);
  expect(executor.stats()).toMatchObject({ finished: 2, cancelled: 1 });
});
