/* How many workers a pool has, what they are called, and what they may do. */
import { Session, type NodeWorker } from 'node:inspector';
import { describe, expect, test, vi } from 'vitest';
import {
  AsyncExecutor,
  OptionRangeError,
  OptionTypeError,
  ProcessPoolExecutor,
  TaskInvalidError,
  ThreadPoolExecutor,
} from '@concurrent-executors/executor';
import { double, passGate, setState, where } from '../fixtures/tasks.mjs';
import {
  doubleInPool,
  leaveTimer,
  processTitle,
} from '../fixtures/worker-tasks.mjs';
import { concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeRandom } from '../support/random.ts';
import { countStarts } from '../support/worker-events.ts';
import { cancel } from '../support/told.ts';

/** What a debugger shows of the worker threads. */
async function threadTitles(): Promise<string[]> {
  const session = new Session();
  session.connect();
  const titles: string[] = [];
  session.on(
    'NodeWorker.attachedToWorker',
    ({ params }: { params: NodeWorker.AttachedToWorkerEventDataType }) => {
      titles.push(params.workerInfo.title);
    },
  );
  await new Promise((resolve) => {
    session.post(
      'NodeWorker.enable',
      { waitForDebuggerOnStart: false },
      resolve,
    );
  });
  await new Promise((resolve) => {
    session.post('NodeWorker.disable', resolve);
  });
  session.disconnect();
  return titles;
}

describe.each(pools)('$name pool: its workers', ({ Pool }) => {
  test('are waited for while a test has replaced the timers and the clock', async () => {
    vi.useFakeTimers();
    try {
      await using gate = await makeGate();
      await using pool = new Pool({ maxWorkers: 1 });
      const future = pool.submit(passGate, gate.path, 1);
      await gate.arrived(1);
      gate.open();
      expect(await future).toBe(1);
      const more = Array.from({ length: 100 }, (_, n) =>
        pool.submit(double, n),
      );
      expect(await Promise.all(more)).toHaveLength(100);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a burst starts all of them at once, and no more', async () => {
    using starts = countStarts();
    await using pool = new Pool({ maxWorkers: 3 });
    await using gate = await makeGate();
    const paths = Array.from({ length: 15 * 3 }, () => gate.path);
    const results = pool.map(
      passGate,
      paths,
      paths.map((_, n) => n),
    );
    // All are there while not one task has ended: none waited for another.
    await gate.arrived(3);
    expect(starts.workers).toBe(3);
    gate.open();
    for (const [n] of paths.entries()) {
      expect((await results.next()).value).toBe(n);
    }
    expect(starts.workers).toBe(3);
  });

  test('one after the other, tasks need one worker', async () => {
    using starts = countStarts();
    await using pool = new Pool({ maxWorkers: 3 });
    for (let n = 0; n < 10; n += 1) await pool.submit(double, n);
    expect(starts.workers).toBe(1);
  });

  test('however they fall asleep and wake up, no task is forgotten', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    const random = makeRandom();
    for (let round = 0; round < 2; round += 1) {
      const tasks = 20_000 + random.below(500);
      let next = 0;
      const submitAll = async (): Promise<void> => {
        while (next < tasks) {
          const n = next;
          next += 1;
          expect(await pool.submit(double, n)).toBe(2 * n);
        }
      };
      // At the end of each round both sides come to rest.
      await Promise.all(Array.from({ length: 5 + random.below(4) }, submitAll));
    }
  });

  test('the event loop of an idle one keeps turning', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await using gate = await makeGate();
    await pool.submit(leaveTimer, gate.path);
    await gate.arrived(1);
    gate.open();
    expect(await pool.submit(double, 1)).toBe(2);
  });

  test.each(pools)(
    'a task may have a $name pool of its own',
    async ({ name }) => {
      await using pool = new Pool({ maxWorkers: 2 });
      const sums = [1, 2].map((n) => pool.submit(doubleInPool, name, n));
      expect(await Promise.all(sums)).toEqual([2, 4]);
    },
  );

  test('an initializer that is no task is refused when the pool is made', () => {
    const name = 'closure';
    const closure = () => name;
    const counter = { count: 0, increment: () => (counter.count += 1) };
    for (const initializer of [closure, counter.increment]) {
      expect(
        // The type forbids it; JavaScript callers can still pass it.
        () =>
          new Pool({ initializer: initializer as unknown as typeof setState }),
      ).toThrow(TaskInvalidError);
    }
  });
});

test('threads are numbered after the name of their pool', async () => {
  await using named = new ThreadPoolExecutor({
    maxWorkers: 2,
    namePrefix: 'SpecialPool',
  });
  await using unnamed = new ThreadPoolExecutor({ maxWorkers: 1 });
  await using gate = await makeGate();
  const futures = [named, named, unnamed].map((pool) =>
    pool.submit(passGate, gate.path, 0),
  );
  await gate.arrived(3);
  const titles = await threadTitles();
  expect(titles.map((title) => title.replace(/^.*\] /, '')).sort()).toEqual([
    'SpecialPool_0',
    'SpecialPool_1',
    'ThreadPoolExecutor_0',
  ]);
  gate.open();
  await Promise.all(futures);
});

test('processes are numbered after the name of their pool', async () => {
  await using named = new ProcessPoolExecutor({
    maxWorkers: 1,
    namePrefix: 'SpecialPool',
  });
  await using unnamed = new ProcessPoolExecutor({ maxWorkers: 1 });
  expect(await named.submit(processTitle)).toBe('SpecialPool_0');
  expect(await unnamed.submit(processTitle)).toBe('ProcessPoolExecutor_0');
});

test.each([ThreadPoolExecutor, ProcessPoolExecutor, AsyncExecutor])(
  '%o refuses fewer workers than one',
  (Executor) => {
    for (const maxWorkers of [0, -1]) {
      expect(() => new Executor({ maxWorkers })).toThrow(
        new OptionRangeError(
          `maxWorkers must be greater than 0, got ${String(maxWorkers)}`,
        ),
      );
    }
    expect(() => new Executor({ maxWorkers: 1.5 })).toThrow(OptionTypeError);
  },
);

describe.each(concurrentBackends)('$name: order', ({ make }) => {
  test('first in, first out', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const first = executor.submit(passGate, gate.path, 'first');
    await gate.arrived(1);
    const ended: number[] = [];
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    for (const n of numbers) {
      executor.submit(double, n).addDoneCallback(() => ended.push(n));
    }
    expect(ended).toEqual([]);
    gate.open();
    await first;
    await executor.submit(where);
    expect(ended).toEqual(numbers);
  });

  test('a cancelled future calls back once, and not again when its turn comes', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const first = executor.submit(passGate, gate.path, 'first');
    const second = executor.submit(passGate, gate.path, 'second');
    const last = executor.submit(double, 1);
    const calls: string[] = [];
    second.addDoneCallback(({ state }) => calls.push(state));
    await gate.arrived(1);
    await cancel(second);
    expect(calls).toEqual(['cancelled']);
    gate.open();
    await Promise.all([first, last]);
    expect(calls).toEqual(['cancelled']);
  });
});
