/* Many tasks that are submitted in one turn of the event loop. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  ExecutorTerminatedError,
  type Future,
  type PoolExecutor,
} from '@concurrent-executors/executor';
import { appendLineAndBlock } from '../fixtures/engine-tasks.mjs';
import { echo } from '../fixtures/tasks.mjs';
import { pools } from '../support/backends.ts';
import { shared } from '../support/shared-memory.ts';
import { makeTempFile } from '../support/temp-file.ts';
import { warmUp } from '../support/warm-up.ts';

const SOME = 64;
/** Ten seconds at least, in which this turn of the event loop is not over. */
const MAX_ROUNDS = 10_000;

/**
 * Submits task after task in this turn of the event loop, until one is done that was
 * submitted before.
 *
 * @param which that one, or its number among these
 * @param submitted called with each future
 */
function submitUntilDone(
  pool: PoolExecutor,
  which: number | Future<unknown> | undefined,
  submitted: (future: Future<number>, n: number) => void = () => undefined,
): Future<number>[] {
  const pause = shared(1);
  const futures: Future<number>[] = [];
  const isDone = (): boolean =>
    (typeof which === 'number' ? futures[which] : which)?.done === true;
  let rounds = 0;
  do {
    rounds += 1;
    if (rounds > MAX_ROUNDS) throw new Error('none of them is ever done');
    for (let left = SOME; left > 0; left -= 1) {
      const future = pool.submit(echo<number>, futures.length);
      submitted(future, futures.length);
      futures.push(future);
    }
    // The workers may have no other processor.
    Atomics.wait(pause, 0, 0, 1);
  } while (!isDone());
  return futures;
}

describe.each(pools)('$name pool: many tasks at once', ({ Pool }) => {
  test('the first ones are done before the last ones are submitted', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    await warmUp(pool);
    const futures = submitUntilDone(pool, 0);
    const numbers = futures.map((_, n) => n);
    expect(await Promise.all(futures)).toEqual(numbers);
  });

  test('no callback is called before submit() has returned', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await warmUp(pool);
    const called: number[] = [];
    const futures = submitUntilDone(pool, 1, (future, n) => {
      if (n % 2 === 0) future.addDoneCallback(() => called.push(n));
    });
    expect(called).toEqual([]);
    expect(futures[0]?.state).toBe('running');
    await Promise.all(futures);
    const even = futures.map((_, n) => n).filter((n) => n % 2 === 0);
    expect(called).toEqual(even);
  });

  test('callbacks of one worker are called in order, however long the loop is', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await warmUp(pool);
    for (let count = SOME; count <= 20 * SOME; count += SOME) {
      const called: number[] = [];
      const futures: Future<number>[] = [];
      for (let n = 0; n < count; n += 1) {
        const future = pool.submit(echo<number>, n);
        future.addDoneCallback(() => called.push(n));
        futures.push(future);
      }
      await Promise.all(futures);
      expect(called).toEqual(futures.map((_, n) => n));
    }
  });

  test('of any kind, all are done', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    await warmUp(pool);
    // The last ones are sent as far as there is room, which depends on how many are left.
    for (let count = 2_000; count < 2_010; count += 1) {
      const values = Array.from({ length: count }, (_, n) => ({ n }));
      const futures = values.map((value) => pool.submit(echo<object>, value));
      expect(await Promise.all(futures)).toEqual(values);
    }
  });

  test('no argument of another task is read before submit() has returned', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    using file = makeTempFile();
    await warmUp(pool);
    let read = 0;
    const argument = {
      get value() {
        read += 1;
        return read;
      },
    };
    // More than the worker has room for, and it does not go on before all are submitted.
    const before: Future<unknown>[] = [
      pool.submit(appendLineAndBlock, file.path, 0),
    ];
    for (let n = 0; n < 4 * SOME; n += 1) before.push(pool.submit(echo, n));
    const bad = pool.submit(echo<unknown>, () => 1);
    const good = pool.submit(echo<unknown>, argument);
    const ends: string[] = [];
    bad.addDoneCallback(() => ends.push('bad'));
    good.addDoneCallback(() => ends.push('good'));
    writeFileSync(`${file.path}.go`, '');
    const more = submitUntilDone(pool, before.at(-1));
    expect(ends).toEqual([]);
    expect(read).toBe(0);
    await Promise.allSettled([bad, good, ...more]);
    expect(ends).toEqual(['bad', 'good']);
    expect(read).toBe(1);
  });

  test('what has ended before the workers are terminated has its result', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await warmUp(pool);
    let called = 0;
    const futures = submitUntilDone(pool, 1, (future, n) => {
      if (n === 0) future.addDoneCallback(() => (called += 1));
    });
    const terminated = pool.terminateWorkers();
    const [first, ...others] = await Promise.allSettled(futures);
    await terminated;
    expect(first).toEqual({ status: 'fulfilled', value: 0 });
    expect(called).toBe(1);
    for (const [index, end] of others.entries()) {
      if (end.status === 'fulfilled') expect(end.value).toBe(index + 1);
      else expect(end.reason).toBeInstanceOf(ExecutorTerminatedError);
    }
  });
});
