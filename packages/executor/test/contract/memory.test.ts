/*
 * Nothing is kept that nobody needs any more. What is gone is seen by a WeakRef
 * after a garbage collection (--expose-gc).
 */
import { describe, expect, test } from 'vitest';
import {
  asCompleted,
  type CompletedFutures,
  type Executor,
  type Future,
  type MapResults,
} from '@concurrent-executors/executor';
import { double, echo } from '../fixtures/tasks.mjs';
import {
  countYoungCollections,
  isForgotten,
  rememberWeakly,
} from '../fixtures/worker-tasks.mjs';
import { backends, pools } from '../support/backends.ts';

async function collectGarbage(): Promise<void> {
  expect(gc, 'node must run with --expose-gc').toBeDefined();
  // Twice: what v8.serialize has met is free when its serializer has been collected.
  for (let round = 0; round < 2; round += 1) {
    await new Promise(setImmediate);
    await gc?.({ execution: 'async' });
  }
}

async function heapUsed(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

const numbers = (length: number): Iterable<number> => ({
  *[Symbol.iterator]() {
    for (let n = 0; n < length; n += 1) yield n;
  },
});

describe.each(backends)('$name: memory', ({ name, make }) => {
  test('a task that is done is not kept: neither its argument nor its result', async () => {
    await using executor = make();
    const run = async (): Promise<WeakRef<object>[]> => {
      const argument = { large: 'argument' };
      const result = await executor.submit(echo<object>, argument);
      return [new WeakRef(argument), new WeakRef(result)];
    };
    const refs = await run();
    await collectGarbage();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
  });

  test('map keeps no result that it gave', async () => {
    await using executor = make();
    const start = (): MapResults<object> =>
      executor.map(echo<object>, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    const results = start();
    const next = async (): Promise<WeakRef<object>> => {
      const { value } = await results.next();
      return new WeakRef(value ?? expect.unreachable());
    };
    const refs = [await next(), await next()];
    await collectGarbage();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    expect((await results.next()).value).toEqual({ n: 3 });
  });

  test('asCompleted keeps no future that it gave', async () => {
    await using executor = make();
    const start = (): CompletedFutures<number> =>
      asCompleted([1, 2, 3].map((n) => executor.submit(double, n)));
    const completed = start();
    const next = async (): Promise<WeakRef<object>> => {
      const { value } = await completed.next();
      return new WeakRef(value ?? expect.unreachable());
    };
    const refs = [await next(), await next()];
    await collectGarbage();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    expect((await completed.next()).done).toBe(false);
  });

  test('an executor that was shut down is not kept, nor are its futures', async () => {
    const run = async (): Promise<WeakRef<object>[]> => {
      const executor: Executor = make();
      const future: Future<number> = executor.submit(double, 1);
      future.addDoneCallback(() => executor.maxWorkers); // a cycle
      await executor.shutdown();
      return [new WeakRef(executor), new WeakRef(future)];
    };
    const refs = await run();
    await collectGarbage();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
  });

  test('a map over many items needs no more memory than one over few', async () => {
    await using executor = make();
    const isPool = name.includes('Pool');
    const results = executor.map(double, numbers(Infinity));
    const takeUntil = async (end: number): Promise<void> => {
      for (;;) {
        const { value } = await results.next();
        if (value === end * 2) return;
      }
    };
    await takeUntil(10_000);
    const before = await heapUsed();
    await takeUntil(isPool ? 60_000 : 200_000);
    const grown = (await heapUsed()) - before;
    // If it kept even the futures, it would be over 10 MB.
    expect(grown / 2 ** 20).toBeLessThan(4);
    await results.return();
  });
});

describe.each(pools)('$name pool: memory of workers', ({ name, Pool }) => {
  test('a worker drops the argument of a task that is done', async () => {
    await using pool = new Pool({
      maxWorkers: 1,
      // Threads have the flags of their process.
      ...(name === 'process' && { execArgv: ['--expose-gc'] }),
    });
    await pool.submit(rememberWeakly, { large: 'argument' });
    expect(await pool.submit(isForgotten)).toBe(true);
  });

  test.each(['copied', 'transferred'])(
    'large buffers that are %s are collected while they are young',
    async (mode) => {
      await using pool = new Pool({ maxWorkers: 1 });
      // With few bytes beside the buffer, V8 makes a buffer itself for those.
      const others = Array.from(numbers(5000));
      let collections = 0;
      for (let n = 0; n < 200; n += 1) {
        const bytes = new Uint8Array(2 ** 20);
        const options = mode === 'copied' ? {} : { transfer: [bytes.buffer] };
        collections = await pool
          .with(options)
          .submit(countYoungCollections, bytes, others);
      }
      // V8 looks at young ones from 32 MiB on, else at all of the heap from 64 MiB on. Not how
      // much memory they hold: a thread of V8 gives it back, when it comes to run.
      expect(collections).toBeGreaterThanOrEqual(5);
    },
  );
});
