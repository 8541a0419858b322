import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  asCompleted,
  wait,
  type Executor,
  type Future,
} from '@concurrent-executors/executor';
import {
  echo,
  heedSignal,
  throwError,
  throwValue,
} from '../fixtures/tasks.mjs';
import { backends } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

let warnings: string[] = [];
const hear = (warning: Error): void => {
  if (warning.name === 'FutureUnobservedWarning') {
    warnings.push(warning.message);
  }
};
const unhandled: unknown[] = [];
const hearUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  warnings = [];
  process.on('warning', hear);
  process.on('unhandledRejection', hearUnhandled);
});
afterEach(() => {
  process.off('warning', hear);
  process.off('unhandledRejection', hearUnhandled);
  expect(unhandled).toEqual([]);
});

async function collectGarbage(): Promise<void> {
  const { gc } = globalThis;
  expect(gc, 'node must run with --expose-gc').toBeDefined();
  // The callbacks of a FinalizationRegistry are tasks of their own.
  for (let n = 0; n < 2; n += 1) {
    await gc?.({ execution: 'async' });
    await new Promise(setImmediate);
  }
}

/** Has a task fail, and drops its future; what `look` does comes before or after the failure. */
async function failAndDrop(
  executor: Executor,
  moment: 'before' | 'after',
  look: (future: Future<never>) => unknown,
): Promise<WeakRef<Future<never>>> {
  // A function of its own, so that nothing on the stack holds the future.
  const fail = async (): Promise<WeakRef<Future<never>>> => {
    const future = executor.submit(throwError, 'too far');
    if (moment === 'before') await look(future);
    // In the pools it fails later; whatever comes after it tells when.
    while (!future.done) await executor.submit(echo, 1);
    if (moment === 'after') await look(future);
    return new WeakRef(future);
  };
  return fail();
}

describe.each(backends)('$name: a failed future', ({ make }) => {
  test('that nobody looked at is told of once, and is not kept', async () => {
    await using executor = make();
    const weak = await failAndDrop(executor, 'after', () => undefined);
    await collectGarbage();
    expect(weak.deref()).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/RangeError: too far\n +at .*tasks\.mjs/);
    expect(warnings[0]).toContain('call ignore()');
    await collectGarbage();
    expect(warnings).toHaveLength(1);
  });

  test.each<[string, (future: Future<never>) => unknown]>([
    ['then', (future) => void future.then(null, () => undefined)],
    ['result', (future) => void future.result().catch(() => undefined)],
    ['exception', (future) => void future.exception()],
    [
      'a done callback',
      (future) => {
        future.addDoneCallback(() => undefined);
      },
    ],
    ['wait', (future) => void wait([future])],
    ['asCompleted', (future) => void asCompleted([future]).next()],
    ['ignore', (future) => void future.ignore()],
  ])('is not told of after %s', async (_, look) => {
    await using executor = make();
    await failAndDrop(executor, 'before', look);
    await failAndDrop(executor, 'after', look);
    await collectGarbage();
    expect(warnings).toEqual([]);
  });

  test('is not told of after a look at it once it had failed', async () => {
    await using executor = make();
    await failAndDrop(executor, 'after', (future) => future.snapshot());
    await failAndDrop(executor, 'after', (future) => future.failed);
    await collectGarbage();
    expect(warnings).toEqual([]);
  });

  test('is told of, although it was looked at before', async () => {
    await using executor = make();
    const forget = (): void => undefined;
    await failAndDrop(executor, 'before', (future) => {
      if (future.done) return;
      void future.snapshot();
      future.addDoneCallback(forget);
      future.removeDoneCallback(forget);
    });
    await collectGarbage();
    expect(warnings).toHaveLength(1);
  });

  test('is not told of if somebody ended the task', async () => {
    await using gate = await makeGate();
    await using executor = make();
    const drop = async (): Promise<void> => {
      const future = executor.submit(heedSignal, gate.path);
      await gate.arrived(1);
      future.abort();
      while (!future.done) await executor.submit(echo, 1);
    };
    await drop();
    await collectGarbage();
    expect(warnings).toEqual([]);
  });

  test('of a map loop that has ended by an error is not told of', async () => {
    await using executor = make();
    const loop = async (): Promise<void> => {
      for await (const value of executor.map(throwValue, [1, 2, 3])) {
        expect(value).toBe('never');
      }
    };
    await expect(loop()).rejects.toBe(1);
    await executor.shutdown();
    await collectGarbage();
    expect(warnings).toEqual([]);
  });
});
