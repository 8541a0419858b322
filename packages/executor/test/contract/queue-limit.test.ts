/* maxQueue, onFull and ready(). */
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  ExecutorShutdownError,
  OptionRangeError,
  OptionTypeError,
  QueueFullError,
  type Executor,
  type ExecutorOptions,
  type Future,
} from '@concurrent-executors/executor';
import { double, failUntil, heedSignal, passGate } from '../fixtures/tasks.mjs';
import { isHere } from '../fixtures/engine-tasks.mjs';
import { makeGate } from '../support/gate.ts';
import { singleBackends } from '../support/limited.ts';
import { cancel, mayRun, mayWait, told } from '../support/told.ts';

const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));

/** Submits until the queue is full. */
function fill(executor: Executor, path: string): Future<unknown>[] {
  const futures: Future<unknown>[] = [];
  for (;;) {
    try {
      futures.push(executor.submit(passGate, path, 'filler'));
    } catch (error) {
      expect(error).toBeInstanceOf(QueueFullError);
      return futures;
    }
  }
}

describe.each(singleBackends)('$name: maxQueue', ({ make }) => {
  test.each([0, 1, 3])(
    'of %i is kept, and what is too much is refused',
    async (maxQueue) => {
      await using gate = await makeGate();
      await using executor = make({ maxQueue });
      const waiting = mayWait(maxQueue);
      const futures: Future<unknown>[] = [];
      await told(() => {
        futures.push(...fill(executor, gate.path));
        expect(futures).toHaveLength(1 + waiting);
      });
      const { submitted, pending, running } = executor.stats();
      expect({ submitted, pending, running }).toEqual({
        submitted: 1 + waiting,
        pending: waiting,
        running: 1,
      });
      let thrown: unknown;
      try {
        executor.submit(double, 1);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: 'ERR_QUEUE_FULL' });
      expect(String(thrown)).toContain(
        `has its maxQueue of ${String(maxQueue)} tasks waiting`,
      );
      // Those that are cancelled make room.
      expect(futures[0]?.cancel()).toBe(false);
      for (const future of futures.slice(1)) await cancel(future);
      const again = fill(executor, gate.path);
      expect(again).toHaveLength(waiting);
      gate.open();
      await Promise.all([futures[0], ...again]);
      expect(await executor.submit(double, 4)).toBe(8);
    },
  );

  test.each([0, 1, 3])(
    "of %i and onFull 'wait': all complete, in order",
    async (maxQueue) => {
      await using gate = await makeGate();
      const executor = make({ maxQueue, onFull: 'wait' });
      const started: number[] = [];
      const first = executor.submit(passGate, gate.path, 0);
      const futures = Array.from({ length: 20 }, (_, n) => {
        const future = executor.submit(double, n);
        future.addDoneCallback(() => started.push(n));
        return future;
      });
      await told(() => {
        expect(executor.stats().pending).toBe(20);
      });
      if (futures[7] !== undefined) await cancel(futures[7]);
      started.length = 0;
      const closed = executor.shutdown();
      gate.open();
      await first;
      await closed;
      const rest = Array.from({ length: 20 }, (_, n) => n).filter(
        (n) => n !== 7,
      );
      expect(started).toEqual(rest);
    },
  );

  test("with onFull 'callerRuns' the task runs here, and shutdown() waits for it", async () => {
    await using gate = await makeGate();
    await using callersGate = await makeGate();
    const executor = make({ maxQueue: 1, onFull: 'callerRuns' });
    const worker = executor.submit(passGate, gate.path, 'worker');
    await told(() => {
      expect(worker.state).toBe('running');
    });
    const queued = executor.submit(isHere, process.pid);
    const here = executor.submit(isHere, process.pid);
    expect(here.snapshot()).toMatchObject({ state: 'finished', result: true });
    const slow = executor.submit(passGate, callersGate.path, 'caller');
    expect([queued.state, slow.state]).toEqual(['pending', 'running']);
    expect(executor.stats()).toMatchObject({ pending: 1, running: 2 });
    const closed = executor.shutdown().then(() => slow.state);
    gate.open();
    await Promise.all([worker, queued]);
    while (executor.stats().workers > 0) await turn();
    for (let n = 0; n < 10; n += 1) await turn();
    callersGate.open();
    expect(await closed).toBe('finished');
    expect(await slow).toBe('caller');
  });

  test("of 'callerRuns', a task is retried, timed and aborted as anywhere", async () => {
    await using gate = await makeGate();
    await using executor = make({ maxQueue: 0, onFull: 'callerRuns' });
    const worker = executor.submit(passGate, gate.path, 'worker');
    await told(() => {
      expect(worker.state).toBe('running');
    });
    for (let n = 0; n < mayWait(0); n += 1) {
      void executor.submit(passGate, gate.path, 'waiting');
    }
    const retried = executor.with({ retries: 2_000 });
    expect(await retried.submit(failUntil, 2_000, false)).toBe(2_000);
    const aborted = executor.submit(heedSignal, gate.path);
    const timed = executor.with({ timeout: 1 }).submit(heedSignal, gate.path);
    aborted.abort('enough');
    expect(await aborted.exception()).toBeInstanceOf(AbortError);
    expect(await timed.exception()).toMatchObject({ code: 'ERR_TIMEOUT' });
    gate.open();
    await worker;
    await told(() => {
      expect(executor.stats()).toMatchObject({
        running: 0,
        finished: 4 + mayWait(0),
      });
    });
  });

  test("of 'callerRuns', a task with a key waits for its turn", async () => {
    await using gate = await makeGate();
    await using executor = make({ maxQueue: 0, onFull: 'callerRuns' });
    const keyed = executor.with({ key: 'a' });
    const first = keyed.submit(passGate, gate.path, 'first');
    const second = keyed.submit(double, 1);
    expect(second.state).toBe('pending');
    gate.open();
    expect(await Promise.all([first, second])).toEqual(['first', 2]);
  });

  test('is kept by tasks that wait for their key, too', async () => {
    await using gate = await makeGate();
    await using executor = make({ maxQueue: 2 });
    const keyed = executor.with({ key: 'a' });
    const futures = [keyed.submit(passGate, gate.path, 1)];
    await told(() => {
      expect(futures[0]?.state).toBe('running');
    });
    for (let n = 0; n < 2; n += 1) {
      futures.push(keyed.submit(passGate, gate.path, 1));
    }
    expect(() => keyed.submit(double, 1)).toThrow(QueueFullError);
    gate.open();
    expect(await Promise.all(futures)).toEqual([1, 1, 1]);
  });

  test('does not hinder retries', async () => {
    await using gate = await makeGate();
    await using executor = make({ maxQueue: 1 });
    const first = executor.submit(passGate, gate.path, 0);
    await gate.arrived(1);
    await told(() => {
      expect(first.state).toBe('running');
    });
    const retried = executor.with({ retries: 3 }).submit(failUntil, 3, false);
    gate.open();
    await first;
    const results: Future<number>[] = [];
    for (let n = 0; n < 10; n += 1) {
      await executor.ready();
      results.push(executor.submit(double, n));
      expect(executor.stats().pending).toBeLessThanOrEqual(1);
    }
    expect(await retried).toBe(3);
    expect(await Promise.all(results)).toHaveLength(10);
  });

  test.each([
    [{ maxQueue: -1 }, OptionRangeError],
    [{ maxQueue: 1.5 }, OptionTypeError],
    [{ onFull: 'drop' as 'wait' }, OptionTypeError],
  ] satisfies [ExecutorOptions, unknown][])('refuses %o', (options, error) => {
    expect(() => make(options)).toThrow(error);
  });
});

describe.each(singleBackends)('$name: ready()', ({ make }) => {
  test('resolves at once without a limit, and where there is room', async () => {
    await using unlimited = make();
    await unlimited.ready();
    await using executor = make({ maxQueue: 1 });
    await executor.ready();
    // The place of the call before was not used, and is free again.
    await executor.ready();
    await executor.ready();
    expect(await executor.submit(double, 1)).toBe(2);
  });

  test.each([0, 1, 3])(
    'gives each of many callers a place in order, with a limit of %i',
    async (maxQueue) => {
      await using executor = make({ maxQueue });
      const order: number[] = [];
      const results = await Promise.all(
        Array.from({ length: 30 }, async (_, n) => {
          await executor.ready();
          order.push(n);
          const future = executor.submit(double, n);
          expect(executor.stats().pending).toBeLessThanOrEqual(
            mayWait(maxQueue),
          );
          return await future;
        }),
      );
      expect(results).toEqual(Array.from({ length: 30 }, (_, n) => n * 2));
      expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
    },
  );

  test('resolves when a task that waits is cancelled', async () => {
    await using gate = await makeGate();
    await using executor = make({ maxQueue: 1 });
    const futures: Future<unknown>[] = [];
    await told(() => {
      futures.push(...fill(executor, gate.path));
      expect(futures).toHaveLength(2);
    });
    const [first, second] = futures;
    const ready = executor.ready();
    second?.cancel();
    await ready;
    expect(first?.running).toBe(true);
    const last = executor.submit(double, 1);
    gate.open();
    expect(await last).toBe(2);
  });

  test('rejects at the shutdown, for all that wait and all that come', async () => {
    await using gate = await makeGate();
    const executor = make({ maxQueue: 0 });
    fill(executor, gate.path);
    const waiting = [executor.ready(), executor.ready()];
    const closed = executor.shutdown();
    for (const ready of [...waiting, executor.ready()]) {
      await expect(ready).rejects.toThrow(ExecutorShutdownError);
    }
    gate.open();
    await closed;
  });
});

describe.each(singleBackends)('$name: map with maxQueue', ({ make }) => {
  test.each([
    { maxQueue: 0, onFull: 'reject' },
    { maxQueue: 2, onFull: 'reject' },
    { maxQueue: 2, onFull: 'wait' },
    { maxQueue: 2, onFull: 'callerRuns' },
  ] as const)('never submits more than that: %o', async (options) => {
    await using executor = make(options);
    const { maxQueue } = options;
    function* numbers(): Generator<number> {
      for (let n = 0; n < 50; n += 1) {
        yield n;
        // It was submitted.
        expect(executor.stats().pending).toBeLessThanOrEqual(mayWait(maxQueue));
        expect(executor.stats().running).toBeLessThanOrEqual(mayRun(1));
      }
    }
    const results: number[] = [];
    for await (const result of executor.map(double, numbers())) {
      results.push(result);
    }
    expect(results).toEqual(Array.from({ length: 50 }, (_, n) => n * 2));
  });

  test.each(['sync', 'async'])(
    'keeps its item while others fill the queue: %s source',
    async (kind) => {
      await using open = await makeGate();
      open.open();
      await using executor = make({ maxQueue: 1 });
      const others: Future<unknown>[] = [];
      function* sync(): Generator<number> {
        for (let n = 0; n < 20; n += 1) {
          others.push(...fill(executor, open.path));
          yield n;
        }
      }
      async function* async_(): AsyncGenerator<number> {
        for (const n of sync()) {
          await turn();
          others.push(...fill(executor, open.path));
          yield n;
        }
      }
      const results: number[] = [];
      const source = kind === 'sync' ? sync() : async_();
      for await (const result of executor.map(double, source)) {
        expect(executor.stats().pending).toBeLessThanOrEqual(1);
        results.push(result);
      }
      expect(results).toEqual(Array.from({ length: 20 }, (_, n) => n * 2));
      await Promise.all(others);
      expect(others.length).toBeGreaterThan(2);
    },
  );

  test('shares the room with other maps and with those who wait', async () => {
    await using executor = make({ maxQueue: 0 });
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const collect = async (): Promise<number[]> => {
      const results: number[] = [];
      for await (const result of executor.map(double, numbers)) {
        results.push(result);
      }
      return results;
    };
    const submitAll = numbers.map(async (n) => {
      await executor.ready();
      return await executor.submit(double, n);
    });
    const doubled = numbers.map((n) => n * 2);
    expect(
      await Promise.all([collect(), collect(), Promise.all(submitAll)]),
    ).toEqual([doubled, doubled, doubled]);
  });

  test('throws at its place when the executor is shut down while it waits', async () => {
    await using gate = await makeGate();
    const executor = make({ maxQueue: 1 });
    const results = executor.map(
      passGate,
      Array(5).fill(gate.path),
      [0, 1, 2, 3, 4],
    );
    await told(() => {
      expect(executor.stats()).toMatchObject({ running: 1, pending: 1 });
    });
    const closed = executor.shutdown();
    gate.open();
    expect((await results.next()).value).toBe(0);
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow(ExecutorShutdownError);
    expect((await results.next()).done).toBe(true);
    await closed;
  });
});
