/*
 * Tasks that are sent to a thread before it can start them. All is counted by the
 * tasks themselves, in shared memory.
 */
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  CancelledError,
  ExecutorTerminatedError,
  PoolExecutor,
  TimeoutError,
  WorkerExitError,
  type Future,
  type PoolOptions,
} from '@concurrent-executors/executor';
// Not public: what a pool is made of.
import { threads } from '../../dist/backends/thread-workers.js';
import { byteLength } from '../fixtures/tasks.mjs';
import {
  count,
  hold,
  holdAndExit,
  holdAndRetire,
  noteOrder,
} from '../fixtures/engine-tasks.mjs';
import { makeRandom } from '../support/random.ts';
import { ref, shared } from '../support/shared-memory.ts';
import { warmUp } from '../support/warm-up.ts';

/** Sends ahead however long tasks take: on a busy machine even short ones take long. */
class EagerThreadPool extends PoolExecutor {
  constructor(options: PoolOptions) {
    super(
      'ThreadPoolExecutor',
      { ...threads, prefetch: { ...threads.prefetch, pace: Infinity } },
      options,
    );
  }
}

/** Resolves when so many tasks have arrived at `hold`. */
async function arrived(words: Int32Array, tasks: number): Promise<void> {
  while (Atomics.load(words, 0) < tasks) await new Promise(setImmediate);
}

function letGo(words: Int32Array): void {
  Atomics.store(words, 1, 1);
  Atomics.notify(words, 1);
}

describe('tasks that are sent ahead', () => {
  test('are pending, and cancel() is exact', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(6);
    const front = pool.submit(hold, ref(words));
    const futures = Array.from({ length: 6 }, (_, n) =>
      pool.submit(count, ref(counts), n),
    );
    expect(front.state).toBe('running');
    expect(futures.every(({ state }) => state === 'pending')).toBe(true);
    expect(pool.stats()).toMatchObject({ running: 1, pending: 6 });
    await arrived(words, 1);
    expect([1, 3, 5].map((n) => futures[n]?.cancel())).toEqual([
      true,
      true,
      true,
    ]);
    letGo(words);
    await front;
    const kept = futures.filter(({ cancelled }) => !cancelled);
    expect(await Promise.all(kept)).toEqual([0, 2, 4]);
    expect([...counts]).toEqual([1, 0, 1, 0, 1, 0]);
  });

  test('race with cancel(): they run once, or never and are cancelled', async () => {
    const random = makeRandom();
    await using pool = new EagerThreadPool({ maxWorkers: 2 });
    await warmUp(pool);
    const rounds = 5_000;
    const counts = shared(rounds);
    const futures: Future<number>[] = [];
    let cancelled = 0;
    let refused = 0;
    for (let n = 0; n < rounds; n += 1) {
      futures.push(pool.submit(count, ref(counts), n));
      const future = futures[Math.max(n - random.below(8), 0)];
      if (future !== undefined && random.chance(0.5)) {
        const wasDone = future.done;
        if (future.cancel()) cancelled += wasDone ? 0 : 1;
        else if (!wasDone) refused += 1;
      }
      // Time for the threads, and now and then for the answers.
      for (let wait = random.below(300); wait > 0; wait -= 1) {
        Atomics.load(counts, 0);
      }
      if (random.chance(0.2)) await new Promise(setImmediate);
    }
    await Promise.allSettled(futures);
    futures.forEach((future, n) => {
      const runs = Atomics.load(counts, n);
      if (runs !== (future.cancelled ? 0 : 1)) {
        expect.fail(`${String(future)} ran ${String(runs)} times`);
      }
    });
    expect(cancelled).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(pool.stats()).toMatchObject({
      pending: 0,
      running: 0,
      cancelled,
    });
  });

  test('go to an idle worker when the one before them blocks', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 2 });
    await warmUp(pool);
    const words = shared(2);
    const other = shared(2);
    const counts = shared(4);
    const long = pool.submit(hold, ref(words));
    const short = pool.submit(hold, ref(other));
    const futures = Array.from({ length: 4 }, (_, n) =>
      pool.submit(count, ref(counts), n),
    );
    await arrived(words, 1);
    await arrived(other, 1);
    letGo(other);
    // All four are done while the first worker is still blocked.
    await short;
    expect(await Promise.all(futures)).toEqual([0, 1, 2, 3]);
    expect(long.running).toBe(true);
    letGo(words);
    await long;
    expect([...counts]).toEqual([1, 1, 1, 1]);
  });

  test('go elsewhere in order while the queue is not empty', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 2 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(200);
    const long = pool.submit(hold, ref(words));
    const futures = Array.from({ length: 200 }, (_, n) =>
      pool.submit(count, ref(counts), n),
    );
    await arrived(words, 1);
    expect(await Promise.all(futures)).toHaveLength(200);
    expect(long.running).toBe(true);
    letGo(words);
    await long;
    expect([...counts]).toEqual(Array(200).fill(1));
  });

  test('are not lost behind one that is cancelled too late', async () => {
    // The host finds that the second has started before it hears of the first.
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    const counts = shared(800);
    for (let n = 0; n < counts.length; n += 4) {
      await warmUp(pool);
      const futures = [0, 1, 2, 3].map((k) =>
        pool.submit(count, ref(counts), n + k),
      );
      while (Atomics.load(counts, n + 1) === 0); // it runs, and no answer is read
      expect(futures[1]?.cancel()).toBe(false);
      const last = futures[3];
      const cancelled = last?.cancel();
      await Promise.allSettled(futures);
      expect(Atomics.load(counts, n + 3)).toBe(cancelled === true ? 0 : 1);
    }
  });

  test('run elsewhere, once, when their worker ends', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    for (let round = 0; round < 5; round += 1) {
      const words = shared(2);
      const counts = shared(10);
      const bad = pool.submit(holdAndExit, ref(words));
      const futures = Array.from({ length: 10 }, (_, n) =>
        pool.submit(count, ref(counts), n),
      );
      letGo(words);
      expect(await bad.exception()).toBeInstanceOf(WorkerExitError);
      expect(await Promise.all(futures)).toHaveLength(10);
      expect([...counts]).toEqual(Array(10).fill(1));
      await warmUp(pool);
    }
  });

  test('run in another worker when theirs is to be replaced', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const order = shared(8);
    const retiring = pool.submit(holdAndRetire, ref(words));
    const futures = [1, 2, 3, 4, 5].map((n) =>
      pool.submit(noteOrder, ref(order), n),
    );
    await arrived(words, 1);
    letGo(words);
    const thread = await retiring;
    const threads = await Promise.all(futures);
    expect(threads).not.toContain(thread);
    expect([...order]).toEqual([5, 1, 2, 3, 4, 5, 0, 0]);
  });

  test('are overtaken by one with a higher priority', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const order = shared(8);
    const front = pool.submit(hold, ref(words));
    const low = [1, 2, 3].map((n) => pool.submit(noteOrder, ref(order), n));
    const high = pool.with({ priority: 1 }).submit(noteOrder, ref(order), 9);
    letGo(words);
    await Promise.all([front, high, ...low]);
    expect([...order]).toEqual([4, 9, 1, 2, 3, 0, 0, 0]);
  });

  test('are cancelled by shutdown({ cancelFutures: true })', async () => {
    const pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(6);
    const front = pool.submit(hold, ref(words));
    const futures = Array.from({ length: 6 }, (_, n) =>
      pool.submit(count, ref(counts), n),
    );
    await arrived(words, 1);
    const closed = pool.shutdown({ cancelFutures: true });
    expect(futures.every(({ cancelled }) => cancelled)).toBe(true);
    letGo(words);
    expect(await closed).toMatchObject({ cancelled: 6, killed: [] });
    expect(front.state).toBe('finished');
    expect([...counts]).toEqual(Array(6).fill(0));
  });

  test('end with the pool, also behind one that transfers', async () => {
    const pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(6);
    const buffer = new ArrayBuffer(8);
    const futures: Future<unknown>[] = [
      pool.submit(hold, ref(words)),
      pool.submit(count, ref(counts), 0),
      pool.with({ transfer: [buffer] }).submit(byteLength, buffer),
      pool.submit(count, ref(counts), 1),
      pool.submit(count, ref(counts), 2),
    ];
    await arrived(words, 1);
    await pool.terminateWorkers();
    for (const future of futures) {
      expect(await future.exception()).toBeInstanceOf(ExecutorTerminatedError);
    }
    expect([...counts]).toEqual(Array(6).fill(0));
    expect(buffer.byteLength).toBe(8); // it was not sent
  });

  test('are aborted as what has not started, by abort() and by a signal', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(3);
    const controller = new AbortController();
    const front = pool.submit(hold, ref(words));
    const aborted = pool.submit(count, ref(counts), 0);
    const signalled = pool
      .with({ signal: controller.signal })
      .submit(count, ref(counts), 1);
    const kept = pool.submit(count, ref(counts), 2);
    await arrived(words, 1);
    aborted.abort('no');
    controller.abort('no');
    for (const future of [aborted, signalled]) {
      await expect(future.result()).rejects.toThrow(CancelledError);
    }
    letGo(words);
    await front;
    expect(await kept).toBe(2);
    expect([...counts]).toEqual([0, 0, 1]);
  });

  test('start in the order of sending, also one that goes by a message while this program blocks', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    await pool.submit(noteOrder, ref(shared(2)), 0);
    // Not in the text area of a lane: it has no byte for these characters.
    const large = 'λ'.repeat(40_000);
    const pause = shared(1);
    for (let small = 0; small < 20; small += 1) {
      const order = shared(small + 2);
      const numbers = Array.from({ length: small + 1 }, (_, n) => n);
      const futures = numbers.map((n) =>
        pool.submit(noteOrder, ref(order), n < small ? n : { n, large }),
      );
      for (let waits = 0; Atomics.load(order, 0) <= small; waits += 1) {
        if (waits > 10_000) expect.fail('not all of them start');
        Atomics.wait(pause, 0, 0, 1);
      }
      expect([...order]).toEqual([small + 1, ...numbers]);
      await Promise.all(futures);
    }
  });

  test('fail when they wait longer than queueTimeout', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(2);
    const front = pool.submit(hold, ref(words));
    const late = pool.with({ queueTimeout: 1 }).submit(count, ref(counts), 0);
    const next = pool.submit(count, ref(counts), 1);
    expect(await late.exception()).toBeInstanceOf(TimeoutError);
    letGo(words);
    await Promise.all([front, next]);
    expect([...counts]).toEqual([0, 1]);
    expect(pool.stats()).toMatchObject({ pending: 0, running: 0, failed: 1 });
  });

  test('start first in, first out, with one worker', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const tasks = 2_000;
    const order = shared(tasks + 2);
    const futures: Future<number>[] = [];
    const words = shared(2);
    for (let n = 1; n <= tasks; n += 1) {
      futures.push(pool.submit(noteOrder, ref(order), n));
      // One that takes long among them.
      if (n === tasks / 2) futures.push(pool.submit(hold, ref(words)));
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    await arrived(words, 1);
    // Those behind it are taken back.
    const urgent = pool.with({ priority: 1 });
    futures.push(urgent.submit(noteOrder, ref(order), tasks + 1));
    letGo(words);
    await Promise.all(futures);
    const numbers = Array.from({ length: tasks }, (_, n) => n + 1);
    numbers.splice(tasks / 2, 0, tasks + 1);
    expect([...order.subarray(1)]).toEqual(numbers);
  });

  test('do not transfer anything: it could not be taken back', async () => {
    await using pool = new EagerThreadPool({ maxWorkers: 1 });
    await warmUp(pool);
    const words = shared(2);
    const front = pool.submit(hold, ref(words));
    const buffers = [8, 16, 24].map((length) => new ArrayBuffer(length));
    const futures = buffers.map((buffer) =>
      pool.with({ transfer: [buffer] }).submit(byteLength, buffer),
    );
    await arrived(words, 1);
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([8, 16, 24]);
    expect(futures[1]?.cancel()).toBe(true);
    letGo(words);
    await front;
    expect(await Promise.all([futures[0], futures[2]])).toEqual([8, 24]);
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([0, 16, 0]);
  });

  test('one that has started in fact can be aborted', async () => {
    await using pool = new EagerThreadPool({
      maxWorkers: 1,
      abortGrace: 1,
    });
    await warmUp(pool);
    const words = shared(2);
    const counts = shared(2);
    const before = pool.submit(count, ref(counts), 0);
    const long = pool.submit(hold, ref(words));
    const after = pool.submit(count, ref(counts), 1);
    while (Atomics.load(words, 0) === 0); // no answer is read
    long.abort('too long');
    expect(long.state).toBe('running');
    expect(await long.exception()).toBeInstanceOf(AbortError);
    expect(await Promise.all([before, after])).toEqual([0, 1]);
    expect([...counts]).toEqual([1, 1]);
  });
});
