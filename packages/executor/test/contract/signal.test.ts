/* The signal that is given to an executor. */
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  AsyncExecutor,
  CancelledError,
  ExecutorShutdownError,
  OptionRangeError,
  OptionTypeError,
} from '@concurrent-executors/executor';
import { double, heedSignal, passGate, spin } from '../fixtures/tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { singleBackends } from '../support/limited.ts';
import { told } from '../support/told.ts';

const listeners = (signal: AbortSignal): number =>
  getEventListeners(signal, 'abort').length;

describe.each(singleBackends)('$name: signal', ({ make }) => {
  test('that is aborted already: no task is accepted', async () => {
    const signal = AbortSignal.abort('before');
    const executor = make({ signal });
    expect(() => executor.submit(double, 1)).toThrow(ExecutorShutdownError);
    expect(() => executor.map(double, [1])).toThrow(ExecutorShutdownError);
    await expect(executor.ready()).rejects.toThrow(ExecutorShutdownError);
    expect(await executor.shutdown()).toEqual({
      cancelled: 0,
      aborted: 0,
      killed: [],
      unfinished: 0,
    });
    expect(listeners(signal)).toBe(0);
  });

  test('cancels what is queued and aborts what runs', async () => {
    await using gate = await makeGate();
    const controller = new AbortController();
    const reason = new Error('enough');
    const executor = make({ signal: controller.signal, maxQueue: 3 });
    const running = executor.submit(heedSignal, gate.path);
    await told(() => {
      expect(running.state).toBe('running');
    });
    const queued = [1, 2].map((n) => executor.submit(double, n));
    const keyed = executor.with({ key: 1 }).submit(double, 3);
    const refused = expect(executor.ready()).rejects.toThrow(
      ExecutorShutdownError,
    );
    await gate.arrived(1);
    controller.abort(reason);
    for (const future of [...queued, keyed]) {
      await told(() => {
        expect(future.state).toBe('cancelled');
      });
      const error: unknown = await future.result().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(CancelledError);
      expect((error as Error).cause).toBe(reason);
    }
    expect(() => executor.submit(double, 1)).toThrow(ExecutorShutdownError);
    await refused;
    const error = await running.exception();
    expect(error).toBeInstanceOf(AbortError);
    expect((error as Error).cause).toBe(reason);
    expect(await executor.shutdown()).toMatchObject({
      cancelled: 3,
      aborted: 1,
      unfinished: 0,
    });
    expect(executor.stats()).toMatchObject({
      pending: 0,
      running: 0,
      finished: 1,
      cancelled: 3,
    });
    expect(listeners(controller.signal)).toBe(0);
  });

  test('aborts what the caller runs, too', async () => {
    await using gate = await makeGate();
    const controller = new AbortController();
    const { signal } = controller;
    const executor = make({ signal, maxQueue: 0, onFull: 'callerRuns' });
    const futures = [1, 2].map(() => executor.submit(heedSignal, gate.path));
    await gate.arrived(2);
    controller.abort();
    for (const future of futures) {
      expect(await future.exception()).toBeInstanceOf(AbortError);
    }
    await executor.shutdown();
  });

  test('ends an executor that is idle, or in its shutdown', async () => {
    const controller = new AbortController();
    const executor = make({ signal: controller.signal });
    expect(await executor.submit(double, 1)).toBe(2);
    controller.abort();
    expect(() => executor.submit(double, 1)).toThrow(ExecutorShutdownError);
    await executor.shutdown();
    expect(executor.stats().workers).toBe(0);

    await using gate = await makeGate();
    const second = new AbortController();
    const draining = make({ signal: second.signal });
    const running = draining.submit(heedSignal, gate.path);
    const closed = draining.shutdown();
    await gate.arrived(1);
    second.abort();
    expect(await closed).toMatchObject({ aborted: 1 });
    expect(await running.exception()).toBeInstanceOf(AbortError);
  });

  test('has no listener left after shutdown, and one executor each before', async () => {
    const { signal } = new AbortController();
    const executors = [make({ signal }), make({ signal })];
    expect(listeners(signal)).toBe(2);
    for (const executor of executors) await executor.shutdown();
    expect(listeners(signal)).toBe(0);
  });

  test('must be one', () => {
    const signal = {} as AbortSignal;
    expect(() => make({ signal })).toThrow(OptionTypeError);
  });
});

describe.each(pools)('$name pool: signal', ({ Pool }) => {
  test('ends a task that does not heed it, with its worker', async () => {
    await using gate = await makeGate();
    const controller = new AbortController();
    const { signal } = controller;
    const pool = new Pool({ maxWorkers: 1, abortGrace: 1, signal });
    const blocked = pool.submit(spin, gate.path);
    const queued = pool.submit(double, 1);
    await gate.arrived(1);
    controller.abort();
    expect(await blocked.exception()).toBeInstanceOf(AbortError);
    expect(queued.cancelled).toBe(true);
    expect((await pool.shutdown()).killed).toHaveLength(1);
  });

  test('has no listener left after terminateWorkers() and killWorkers()', async () => {
    const { signal } = new AbortController();
    const pool = [new Pool({ signal }), new Pool({ signal })] as const;
    await pool[0].terminateWorkers();
    expect(listeners(signal)).toBe(1);
    await pool[1].killWorkers();
    expect(listeners(signal)).toBe(0);
  });

  test('is not heard by an executor that was never made', () => {
    const controller = new AbortController();
    const { signal } = controller;
    expect(() => new Pool({ signal, maxWorkers: 0 })).toThrow(OptionRangeError);
    expect(listeners(signal)).toBe(0);
    controller.abort(); // no listener throws
  });
});

test('a task of this event loop that does not heed it goes on, and is waited for', async () => {
  await using gate = await makeGate();
  const controller = new AbortController();
  const executor = new AsyncExecutor({ signal: controller.signal });
  const deaf = executor.submit(passGate, gate.path, 'value');
  controller.abort();
  expect(deaf.state).toBe('running');
  gate.open();
  expect(await deaf).toBe('value');
  expect(await executor.shutdown()).toMatchObject({ aborted: 1 });
});

test('an aborted task that waits for its retry is not run again', async () => {
  await using executor = new AsyncExecutor({ maxWorkers: 1 });
  const { promise: fails, reject: fail } = deferred();
  const { promise: blocks, resolve: free } = deferred();
  let runs = 0;
  const low = executor.with({ retries: 5 }).submit(() => {
    runs += 1;
    return fails;
  });
  const high = executor.with({ priority: 1 }).submit(() => blocks);
  fail(new Error('first attempt'));
  await new Promise(setImmediate);
  expect(high.running).toBe(true);
  low.abort('stop');
  expect(await low.exception()).toBeInstanceOf(AbortError);
  free();
  await high;
  expect(runs).toBe(1);
});

function deferred(): {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
} {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}
