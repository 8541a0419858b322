import { describe, expect, test } from 'vitest';
import {
  OptionTypeError,
  TimeoutError,
  asCompleted,
  wait,
  type Future,
} from '@concurrent-executors/executor';
import { double, passGate, throwError } from '../fixtures/tasks.mjs';
import { backends, concurrentBackends } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

describe.each(backends)('$name: asCompleted', ({ make }) => {
  test('yields finished, failed and cancelled futures once each', async () => {
    await using executor = make();
    const futures = [
      executor.submit(double, 1),
      executor.submit(throwError, 'failed'),
    ];
    const seen: unknown[] = [];
    for await (const future of asCompleted([...futures, ...futures])) {
      seen.push(future);
      expect(future.done).toBe(true);
    }
    expect(new Set(seen)).toEqual(new Set(futures));
    expect(seen).toHaveLength(2);
  });

  test('mixes the futures of several executors', async () => {
    await using one = make();
    await using other = make();
    const futures = [one.submit(double, 1), other.submit(double, 2)];
    let sum = 0;
    for await (const future of asCompleted(futures)) {
      sum += await future.result();
    }
    expect(sum).toBe(6);
  });

  test('takes futures from a lazy source as there is room', async () => {
    await using executor = make();
    let submitted = 0;
    function* futures(): Generator<Future<number>> {
      while (submitted < 1000) yield executor.submit(double, submitted++);
    }
    const completed = asCompleted(futures(), { bufferSize: 4 });
    expect(submitted).toBe(4);
    let count = 0;
    for await (const future of completed) {
      expect(future.done).toBe(true);
      expect(submitted - ++count).toBeLessThanOrEqual(4);
    }
    expect(count).toBe(1000);
  });

  test('a source that throws fails after the futures before it', async () => {
    await using executor = make();
    function* futures(): Generator<Future<number>> {
      yield executor.submit(double, 1);
      throw new SyntaxError('bad source');
    }
    const completed = asCompleted(futures());
    const first = await completed.next();
    expect(await first.value?.result()).toBe(2);
    await expect(completed.next()).rejects.toThrow('bad source');
    expect((await completed.next()).done).toBe(true);
  });

  test('closes the source on an early break', async () => {
    await using executor = make();
    let closed = false;
    function* futures(): Generator<Future<number>> {
      try {
        for (let n = 0; ; n += 1) yield executor.submit(double, n);
      } finally {
        closed = true;
      }
    }
    for await (const future of asCompleted(futures(), { bufferSize: 2 })) {
      if ((await future.result()) === 10) break;
    }
    expect(closed).toBe(true);
  });
});

describe.each(concurrentBackends)('$name: waiting', ({ make }) => {
  test('asCompleted yields in the order of completion', async () => {
    await using first = await makeGate();
    await using second = await makeGate();
    await using executor = make(2);
    const slow = executor.submit(passGate, first.path, 'slow');
    const fast = executor.submit(passGate, second.path, 'fast');
    const completed = asCompleted([slow, fast]);
    await Promise.all([first.arrived(1), second.arrived(1)]);
    second.open();
    expect((await completed.next()).value).toBe(fast);
    first.open();
    expect((await completed.next()).value).toBe(slow);
    expect((await completed.next()).done).toBe(true);
  });

  test('asCompleted gives what is done, then says how many are not', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const done = [executor.submit(double, 1), executor.submit(double, 2)];
    await Promise.all(done);
    const held = [1, 2].map((n) => executor.submit(passGate, gate.path, n));
    for (const timeout of [0, 1]) {
      const completed = asCompleted<unknown>([...held, ...done], { timeout });
      expect((await completed.next()).value).toBe(done[0]);
      expect((await completed.next()).value).toBe(done[1]);
      await expect(completed.next()).rejects.toThrow(
        new TimeoutError('2 (of 4) futures unfinished'),
      );
      expect((await completed.next()).done).toBe(true);
    }
    gate.open();
    await Promise.all(held);
  });

  test('wait returns at the first completed, the first failed, or all', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const held = executor.submit(passGate, gate.path, 1);
    const done = executor.submit(double, 1);
    const both: Future<unknown>[] = [held, done, done];
    const first = await wait(both, { returnWhen: 'FIRST_COMPLETED' });
    expect([...first.done]).toEqual([done]);
    expect([...first.notDone]).toEqual([held]);

    const failing = executor.submit(throwError, 'failed');
    const failed = await wait([...both, failing], {
      returnWhen: 'FIRST_EXCEPTION',
    });
    expect(failed.done).toEqual(new Set([done, failing]));
    // It has failed already: no waiting.
    const again = await wait([held, failing] as Future<unknown>[], {
      returnWhen: 'FIRST_EXCEPTION',
    });
    expect(again.notDone).toEqual(new Set([held]));

    const all = wait([...both, failing]);
    gate.open();
    expect((await all).notDone.size).toBe(0);
  });

  test('wait that times out throws nothing', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const held = executor.submit(passGate, gate.path, 1);
    const cancelled = executor.submit(double, 1);
    cancelled.cancel();
    for (const timeout of [0, 1]) {
      const result = await wait([held, cancelled], { timeout });
      expect(result.done).toEqual(new Set([cancelled]));
      expect(result.notDone).toEqual(new Set([held]));
    }
    gate.open();
  });

  test('a bufferSize keeps that many tasks in flight', async () => {
    await using gate = await makeGate();
    await using executor = make(8);
    let submitted = 0;
    function* futures(): Generator<Future<unknown>> {
      while (submitted < 6) {
        yield executor.submit(passGate, gate.path, submitted++);
      }
    }
    const completed = asCompleted(futures(), { bufferSize: 3 });
    const next = completed.next();
    await gate.arrived(3);
    expect(submitted).toBe(3);
    gate.open(1);
    await next;
    await gate.arrived(4);
    expect(submitted).toBe(4);
    gate.open();
    await completed.return();
  });
});

describe.each(concurrentBackends)('$name: what counts as done', ({ make }) => {
  test('asCompleted yields what returned, threw, was cancelled or is still to come, once each', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const returned = executor.submit(double, 1);
    const threw = executor.submit(throwError, 'failed');
    await threw.exception();
    const held = executor.submit(passGate, gate.path, 'held');
    const cancelled = executor.submit(double, 2);
    await gate.arrived(1);
    cancelled.cancel();
    const all: Future<unknown>[] = [held, returned, threw, cancelled];
    const completed = asCompleted(new Set([...all, ...all]));
    for (const future of [returned, threw, cancelled]) {
      expect((await completed.next()).value).toBe(future);
    }
    const last = completed.next();
    gate.open();
    expect((await last).value).toBe(held);
    expect((await completed.next()).done).toBe(true);
  });

  test('wait for all counts what threw and what was cancelled, and throws nothing', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const held = executor.submit(passGate, gate.path, 'held');
    const threw = executor.submit(throwError, 'failed');
    const cancelled = executor.submit(double, 2);
    await gate.arrived(1);
    cancelled.cancel();
    const all = wait([held, threw, cancelled] as Future<unknown>[]);
    gate.open();
    const { done, notDone } = await all;
    expect(done).toEqual(new Set([held, threw, cancelled]));
    expect(notDone.size).toBe(0);
  });

  test('wait returns at once when enough is done already', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const threw = executor.submit(throwError, 'failed');
    await threw.exception();
    const held = executor.submit(passGate, gate.path, 'held');
    for (const returnWhen of ['FIRST_COMPLETED', 'FIRST_EXCEPTION'] as const) {
      const futures: Future<unknown>[] = [held, threw];
      const { done, notDone } = await wait(futures, { returnWhen });
      expect(done).toEqual(new Set([threw]));
      expect(notDone).toEqual(new Set([held]));
    }
    gate.open();
  });

  test('wait for the first failure goes on when something is cancelled', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const held = executor.submit(passGate, gate.path, 'held');
    const cancelled = executor.submit(double, 1);
    const cancelledLater = executor.submit(double, 2);
    const threw = executor.submit(throwError, 'failed');
    const behind = executor.submit(passGate, gate.path, 'behind');
    await gate.arrived(1);
    cancelled.cancel();
    const futures: Future<unknown>[] = [
      held,
      cancelled,
      cancelledLater,
      threw,
      behind,
    ];
    const failure = wait(futures, { returnWhen: 'FIRST_EXCEPTION' });
    cancelledLater.cancel();
    gate.open(1);
    const { done, notDone } = await failure;
    expect(done).toEqual(new Set([held, cancelled, cancelledLater, threw]));
    expect(notDone).toEqual(new Set([behind]));
    gate.open();
  });

  test('wait counts a future that is given many times once', async () => {
    await using executor = make(1);
    await using gate = await makeGate();
    const held = executor.submit(passGate, gate.path, 'held');
    const both = wait([held, held, held]);
    await gate.arrived(1);
    gate.open();
    expect((await both).done).toEqual(new Set([held]));
    expect((await wait(Array<typeof held>(3).fill(held))).done.size).toBe(1);
  });

  test('wait counts a hundred futures that end together', async () => {
    await using executor = make(4);
    await using gate = await makeGate();
    const paths = Array.from({ length: 100 }, () => gate.path);
    const futures = paths.map((path, n) => executor.submit(passGate, path, n));
    const waits = Array.from({ length: 10 }, () => wait(futures));
    await gate.arrived(4);
    gate.open();
    for (const { done } of await Promise.all(waits))
      expect(done.size).toBe(100);
  });
});

test('wait and asCompleted refuse bad options', async () => {
  await expect(
    // The type forbids it; JavaScript callers can still pass it.
    wait([], { returnWhen: 'LAST' as 'ALL_COMPLETED' }),
  ).rejects.toThrow(OptionTypeError);
  expect(() => asCompleted([], { timeout: NaN })).toThrow(OptionTypeError);
  expect(() => asCompleted([], { bufferSize: 0 })).toThrow(
    'bufferSize must be greater than 0, got 0',
  );
  expect(await wait([])).toEqual({ done: new Set(), notDone: new Set() });
});
