/* When workers start, end, and are ended. */
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  BrokenExecutorError,
  CancelledError,
  ExecutorTerminatedError,
  OptionRangeError,
  ProcessPoolExecutor,
  TaskNotSerializableError,
} from '@concurrent-executors/executor';
import {
  double,
  getState,
  heedSignal,
  passGate,
  setState,
  spin,
  where,
} from '../fixtures/tasks.mjs';
import {
  keepMemory,
  passGateAndExit,
  withstand,
} from '../fixtures/worker-tasks.mjs';
import { concurrentBackends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { countStarts, nextWorkerExit } from '../support/worker-events.ts';

describe.each(pools)('$name pool: a crash that breaks it', ({ Pool }) => {
  test('with onWorkerCrash: break, a crash fails everything, each with its own error', async () => {
    const pool = new Pool({ maxWorkers: 2, onWorkerCrash: 'break' });
    await using gate = await makeGate();
    await using held = await makeGate();
    const neighbour = pool.submit(passGate, held.path, 'neighbour');
    const crash = pool.submit(passGateAndExit, gate.path, 99);
    const queued = [1, 2].map((n) => pool.submit(double, n));
    await Promise.all([gate.arrived(1), held.arrived(1)]);
    gate.open();
    const futures = [crash, neighbour, ...queued];
    const errors = await Promise.all(futures.map((f) => f.exception()));
    for (const error of errors) {
      expect(error).toBeInstanceOf(BrokenExecutorError);
      expect((error as Error).cause).toMatchObject({ exitCode: 99 });
    }
    expect(new Set(errors).size).toBe(4);
    expect(() => pool.submit(double, 1)).toThrow(BrokenExecutorError);
    await pool.shutdown();
    await pool.terminateWorkers();
  });
});

describe.each(pools)('$name pool: idle workers', ({ name, Pool }) => {
  test('end after idleTimeout, and new ones start when there is work', async () => {
    const exited = nextWorkerExit();
    await using pool = new Pool({ maxWorkers: 1, idleTimeout: 1 });
    const before = await pool.submit(where);
    await exited;
    expect(await pool.submit(where)).not.toBe(before);
  });

  test('end without losing a task that comes at that moment', async () => {
    await using pool = new Pool({ maxWorkers: 1, idleTimeout: 1 });
    for (let n = 0; n < 12; n += 1) {
      expect(await pool.submit(double, n)).toBe(n * 2);
      // As long as the idleTimeout, so that the next task comes as the worker ends.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  });

  test('minWorkers of them start with the pool and stay, also if more are idle at once', async () => {
    using starts = countStarts();
    await using start = await makeGate();
    await using gate = await makeGate();
    await using pool = new Pool({
      maxWorkers: 3,
      minWorkers: 2,
      idleTimeout: 1,
      initializer: passGate,
      initArgs: [start.path, 'ready'],
    });
    await start.arrived(2); // nothing was submitted
    start.open();
    expect(pool.stats()).toMatchObject({ workers: 2, busyWorkers: 0 });
    const tasks = [1, 2, 3].map((n) => pool.submit(passGate, gate.path, n));
    await gate.arrived(3);
    gate.open();
    await Promise.all(tasks);
    while (pool.stats().workers > 2) await new Promise(setImmediate);
    await Promise.all([pool.submit(double, 1), pool.submit(double, 2)]);
    expect(starts.workers).toBe(3);
  });

  test('minWorkers is at most maxWorkers', () => {
    expect(() => new Pool({ maxWorkers: 1, minWorkers: 2 })).toThrow(
      OptionRangeError,
    );
  });

  test('one that uses more than maxWorkerMemory is replaced after its task', async () => {
    await using pool = new Pool({ maxWorkers: 1, maxWorkerMemory: 400 });
    const before = await pool.submit(where);
    await pool.submit(keepMemory, 1);
    expect(await pool.submit(where)).toBe(before);
    await pool.submit(keepMemory, 400);
    expect(await pool.submit(where)).not.toBe(before);
  });

  test('initArgs that cannot be sent are refused when the pool is made', () => {
    expect(
      () => new Pool({ initializer: setState, initArgs: [() => 1] }),
    ).toThrow(TaskNotSerializableError);
  });

  test('shared memory among the initArgs is shared with threads, and refused for processes', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const make = () => new Pool({ initializer: setState, initArgs: [words] });
    if (name === 'process') {
      expect(make).toThrow(TaskNotSerializableError);
      return;
    }
    await using pool = make();
    await pool.submit(getState);
    words[0] = 7;
    expect(await pool.submit(getState)).toEqual(Int32Array.of(7));
  });
});

describe.each(concurrentBackends)('$name: bounded shutdown', ({ make }) => {
  test('what heeds its signal ends in time, and the report tells of it', async () => {
    const executor = make(1);
    await using gate = await makeGate();
    const running = executor.submit(heedSignal, gate.path);
    const queued = executor.submit(passGate, gate.path, 'queued');
    await gate.arrived(1);
    const report = await executor.shutdown({ timeout: 1 });
    expect(report).toEqual({
      cancelled: 1,
      aborted: 1,
      killed: [],
      unfinished: 0,
    });
    expect(await running.exception()).toBeInstanceOf(AbortError);
    await expect(queued.result()).rejects.toThrow(CancelledError);
  });
});

describe.each(pools)('$name pool: the end by force', ({ Pool, name }) => {
  test('shutdown kills what does not end in time, and tells which', async () => {
    const pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
    await using gate = await makeGate();
    const blocked = pool.submit(spin, gate.path);
    await gate.arrived(1);
    const report = await pool.shutdown({ timeout: 1 });
    expect(report).toMatchObject({ cancelled: 0, aborted: 1, unfinished: 0 });
    expect(report.killed).toHaveLength(1);
    expect(report.killed[0]).toMatch(new RegExp(`^${name} \\d+$`));
    expect(blocked.failed).toBe(true);
  });

  test('killWorkers() ends what blocks, fails what waits, and nothing is accepted any more', async () => {
    const pool = new Pool({ maxWorkers: 1 });
    await using gate = await makeGate();
    const futures = [pool.submit(spin, gate.path), pool.submit(double, 1)];
    await gate.arrived(1);
    await pool.killWorkers();
    for (const future of futures) {
      expect(await future.exception()).toBeInstanceOf(ExecutorTerminatedError);
    }
    expect(() => pool.submit(double, 1)).toThrow(/after killWorkers\(\)/);
    await pool.killWorkers();
  });

  test('killWorkers() before anything was started does nothing', async () => {
    using starts = countStarts();
    const pool = new Pool({ maxWorkers: 1 });
    await pool.killWorkers();
    expect(starts.workers).toBe(0);
  });
});

test.each([
  ['terminateWorkers', 'SIGTERM'],
  ['killWorkers', 'SIGKILL'],
] as const)('%s() ends processes by %s', async (method, signal) => {
  const exited = nextWorkerExit();
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  await using gate = await makeGate();
  const future = pool.submit(heedSignal, gate.path);
  await gate.arrived(1);
  await pool[method]();
  expect(await exited).toEqual([null, signal]);
  expect(future.failed).toBe(true);
});

test('a process that withstands SIGTERM is killed all the same', async () => {
  const exited = nextWorkerExit();
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  await using gate = await makeGate();
  const future = pool.submit(withstand, gate.path);
  await gate.arrived(1);
  await pool.terminateWorkers();
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(future.failed).toBe(true);
});
