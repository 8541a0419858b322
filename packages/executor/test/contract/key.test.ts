/* The option key: one at a time, in order. */
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  TimeoutError,
  WorkerExitError,
  type Executor,
  type Submitter,
} from '@concurrent-executors/executor';
import {
  double,
  heedSignal,
  passGate,
  spin,
  where,
} from '../fixtures/tasks.mjs';
import { bracket, failOnce } from '../fixtures/engine-tasks.mjs';
import { backends, concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeRandom } from '../support/random.ts';
import { makeTempFile } from '../support/temp-file.ts';
import { told } from '../support/told.ts';

const keyed = (executor: Executor, key: unknown): Submitter =>
  executor.with({ key });

describe.each(backends)('$name: key', ({ make }) => {
  test('tasks with one key run one at a time, in order, whatever comes between', async () => {
    const random = makeRandom();
    using file = makeTempFile();
    await using executor = make(3);
    const futures = Array.from({ length: 60 }, (_, n) => {
      const key = random.pick(['a', 'b', 'c']);
      const end = random.chance(0.2) ? 'throw' : 'return';
      const priority = random.below(2);
      const name = `${key}${String(n)}`;
      const view = executor.with({ key, priority });
      return { key, name, future: view.submit(bracket, file.path, name, end) };
    });
    for (const { future } of futures) if (random.chance(0.1)) future.cancel();
    await Promise.all(
      futures.map(({ future }) => future.exception().catch(() => undefined)),
    );
    const lines = file.lines();
    for (const key of ['a', 'b', 'c']) {
      const expected = futures
        .filter((one) => one.key === key && !one.future.cancelled)
        .flatMap(({ name }) => [`+${name}`, `-${name}`]);
      expect(lines.filter((line) => line[1] === key)).toEqual(expected);
    }
  });

  test('a shutdown waits for all of them, also one that a done callback calls', async () => {
    const executor = make();
    const view = keyed(executor, 1);
    const [first, second, third] = [1, 2, 3].map((n) => view.submit(double, n));
    const states = new Promise((resolve) => {
      first?.addDoneCallback(() => {
        void executor.shutdown().then(() => {
          resolve([second?.state, third?.state]);
        });
      });
    });
    expect(await states).toEqual(['finished', 'finished']);
  });

  test('cancelFutures cancels those that wait for their key', async () => {
    await using gate = await makeGate();
    const executor = make();
    const view = keyed(executor, 'k');
    const first = view.submit(passGate, gate.path, 1);
    const rest = [2, 3].map((n) => view.submit(double, n));
    await gate.arrived(1);
    const closed = executor.shutdown({ cancelFutures: true });
    await told(() => {
      expect(rest.map(({ state }) => state)).toEqual([
        'cancelled',
        'cancelled',
      ]);
    });
    gate.open();
    expect(await closed).toMatchObject({ cancelled: 2 });
    expect(await first).toBe(1);
  });

  test('many of them cost little', async () => {
    await using executor = make();
    const view = keyed(executor, 'k');
    const futures = Array.from({ length: 2_000 }, (_, n) =>
      view.submit(double, n),
    );
    expect((await Promise.all(futures))[1_999]).toBe(3_998);
  });
});

describe.each(concurrentBackends)('$name: different keys', ({ make }) => {
  test('run beside each other', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const object = {};
    const futures = [
      keyed(executor, object).submit(passGate, gate.path, 1),
      keyed(executor, object).submit(passGate, gate.path, 2),
      keyed(executor, {}).submit(passGate, gate.path, 3),
    ];
    await gate.arrived(2);
    await told(() => {
      expect(futures.map(({ state }) => state)).toEqual([
        'running',
        'pending',
        'running',
      ]);
    });
    gate.open();
    expect(await Promise.all(futures)).toEqual([1, 2, 3]);
  });

  test('let tasks without one pass by', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const view = keyed(executor, NaN);
    const first = view.submit(passGate, gate.path, 1);
    const second = view.submit(double, 1);
    expect(await executor.submit(double, 2)).toBe(4);
    await told(() => {
      expect([first.state, second.state]).toEqual(['running', 'pending']);
    });
    gate.open();
    expect(await Promise.all([first, second])).toEqual([1, 2]);
  });

  test('go on after abort(), timeout and queueTimeout', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const view = keyed(executor, 'k');
    const aborted = view.submit(heedSignal, gate.path);
    const late = view.with({ queueTimeout: 1 }).submit(double, 1);
    const timed = view.with({ timeout: 1 }).submit(heedSignal, gate.path);
    const last = view.submit(double, 2);
    expect(await late.exception()).toBeInstanceOf(TimeoutError);
    await told(() => {
      expect([aborted.state, timed.state]).toEqual(['running', 'pending']);
    });
    await gate.arrived(1);
    aborted.abort();
    expect(await aborted.exception()).toBeInstanceOf(AbortError);
    expect(await timed.exception()).toBeInstanceOf(TimeoutError);
    expect(await last).toBe(4);
  });

  test('a retry comes before the next one', async () => {
    using file = makeTempFile();
    await using executor = make(2);
    const view = keyed(executor, 'k');
    const retried = view.with({ retries: 1 }).submit(failOnce, file.path);
    const next = view.submit(bracket, file.path, 'next', 'return');
    expect(await Promise.all([retried, next])).toEqual([2, 'next']);
    expect(file.lines().slice(2)).toEqual(['+next', '-next']);
  });
});

describe.each(pools)('$name pool: key', ({ Pool }) => {
  test('goes on when a worker ends', async () => {
    using file = makeTempFile();
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 2, abortGrace: 1 });
    const view = keyed(pool, 'k');
    const crash = view.submit(bracket, file.path, 'crash', 'exit');
    const next = view.submit(bracket, file.path, 'next', 'return');
    const blocked = view.submit(spin, gate.path);
    const last = view.submit(bracket, file.path, 'last', 'return');
    expect(await crash.exception()).toBeInstanceOf(WorkerExitError);
    expect(await next).toBe('next');
    await gate.arrived(1);
    blocked.abort();
    expect(await blocked.exception()).toBeInstanceOf(AbortError);
    expect(await last).toBe('last');
    expect(file.lines()).toEqual([
      '+crash',
      '-crash',
      '+next',
      '-next',
      '+last',
      '-last',
    ]);
  });

  test('a shutdown keeps the worker as long as some wait for their key', async () => {
    const pool = new Pool({ maxWorkers: 1 });
    const futures = Array.from({ length: 5 }, () =>
      keyed(pool, 'k').submit(where),
    );
    await pool.shutdown();
    expect(new Set(await Promise.all(futures)).size).toBe(1);
  });

  test('a shutdown keeps the worker of a task that is to be run again', async () => {
    using file = makeTempFile();
    const pool = new Pool({ maxWorkers: 1 });
    const future = pool.with({ retries: 1 }).submit(failOnce, file.path);
    await pool.shutdown();
    expect(await future).toBe(2);
    const [first, second] = file.lines();
    expect(second).toBe(first);
  });
});
