import { AsyncLocalStorage } from 'node:async_hooks';
import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import {
  AsyncExecutor,
  BrokenExecutorError,
  InvalidStateError,
  WorkerOutOfMemoryError,
  taskContext,
} from '@concurrent-executors/executor';
import {
  add,
  complainAndExit,
  contextOf,
  countUp,
  double,
  environment,
  getState,
  passGate,
  setState,
  throwError,
  useUpMemory,
  where,
} from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';
import { nextWarning } from '../support/warnings.ts';
import { makeGate } from '../support/gate.ts';

describe.each(backends)('$name: taskContext', ({ name, make }) => {
  test('tells the attempt and the worker', async () => {
    await using executor = make();
    const { attempt, workerId, aborted } = await executor.submit(contextOf);
    expect({ attempt, aborted }).toEqual({ attempt: 1, aborted: false });
    if (/Async|Serial/.test(name)) expect(workerId).toBe(threadId);
    else {
      const here = name === 'ProcessPoolExecutor' ? process.pid : threadId;
      expect(workerId).not.toBe(here);
    }
  });

  test('reports progress in order, before the end', async () => {
    await using executor = make();
    await executor.submit(double, 1);
    const seen: unknown[] = [];
    const future = executor.submit(countUp, 100);
    future.addProgressCallback(() => {
      throw new Error('one bad callback');
    });
    const warned = nextWarning('FutureCallbackWarning');
    future.addProgressCallback((progress) => seen.push(progress));
    future.addDoneCallback(() => seen.push('end'));
    expect(await future).toBe('done');
    const all = [...Array.from({ length: 100 }, (_, n) => n + 1), 'end'];
    // In this process the first report comes before submit returns.
    expect(seen).toEqual(all.slice(all.length - seen.length));
    expect(seen.length).toBeGreaterThanOrEqual(100);
    await warned;
  });

  test('is that of each task, also of several at once', async () => {
    await using executor = make();
    const futures = [3, 5].map((n) => executor.submit(countUp, n));
    const last: unknown[] = [];
    for (const [index, future] of futures.entries()) {
      future.addProgressCallback((progress) => (last[index] = progress));
    }
    await Promise.all(futures);
    expect(last).toEqual([3, 5]);
  });
});

test('taskContext() outside of a task says so', () => {
  expect(() => taskContext()).toThrow(InvalidStateError);
});

describe.each(pools)('$name pool: workers', ({ Pool, name }) => {
  test('the initializer runs in each worker before its first task', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({
      maxWorkers: 3,
      initializer: setState,
      initArgs: ['initialized'],
    });
    const held = [1, 2, 3].map((n) => pool.submit(passGate, gate.path, n));
    await gate.arrived(3);
    gate.open();
    await Promise.all(held);
    const states = [1, 2, 3].map(() => pool.submit(getState));
    expect(await Promise.all(states)).toEqual(Array(3).fill('initialized'));
    expect(getState()).toBe('not initialized');
  });

  test('an initializer that throws breaks the executor, with its error', async () => {
    const pool = new Pool({
      maxWorkers: 2,
      initializer: throwError,
      initArgs: ['not today'],
    });
    const futures = [1, 2, 3].map((n) => pool.submit(double, n));
    for (const future of futures) {
      const error = await future.exception();
      expect(error).toBeInstanceOf(BrokenExecutorError);
      const exit = (error as Error).cause as Error;
      expect(exit.cause).toBeInstanceOf(RangeError);
      expect(exit.cause).toMatchObject({ message: 'not today' });
    }
    expect(() => pool.submit(double, 1)).toThrow(/its initializer threw/);
    await pool.shutdown();
  });

  test('a worker is replaced after maxTasksPerWorker tasks', async () => {
    await using pool = new Pool({ maxWorkers: 1, maxTasksPerWorker: 3 });
    const workers: string[] = [];
    for (let n = 0; n < 7; n += 1) workers.push(await pool.submit(where));
    expect(new Set(workers.slice(0, 3)).size).toBe(1);
    expect(new Set(workers.slice(3, 6)).size).toBe(1);
    expect(new Set(workers).size).toBe(3);
  });

  test.each([
    [1, 2, 6],
    [2, 2, 8],
    [3, 1, 6],
  ])(
    'a backlog of tasks does not stop when workers are replaced: %i workers, %i tasks each, %i tasks',
    async (maxWorkers, maxTasksPerWorker, tasks) => {
      const pool = new Pool({ maxWorkers, maxTasksPerWorker });
      const futures = Array.from({ length: tasks }, (_, n) =>
        pool.submit(double, n),
      );
      const closed = pool.shutdown();
      expect(await Promise.all(futures)).toEqual(futures.map((_, n) => n * 2));
      await closed;
    },
  );

  test('the environment and the options of Node.js can be set', async () => {
    await using pool = new Pool({
      maxWorkers: 1,
      env: { COLOUR: 'green' },
      execArgv: ['--no-warnings'],
      namePrefix: 'painter',
    });
    const [colour, execArgv] = await pool.submit(environment, 'COLOUR');
    expect(colour).toBe('green');
    expect(execArgv).toContain('--no-warnings');
  });

  test('a worker that uses up its memory fails its task with a typed error', async () => {
    await using pool = new Pool({
      maxWorkers: 1,
      resourceLimits: { maxOldGenerationSizeMb: 32 },
    });
    const future = pool.submit(useUpMemory);
    const next = pool.submit(add, 1, 2);
    const error = await future.exception();
    expect(error).toBeInstanceOf(WorkerOutOfMemoryError);
    expect(error).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
    expect(await next).toBe(3);
  });

  test('a crash carries the end of what the process wrote to stderr', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const error = await pool
      .submit(complainAndExit, 'my last words')
      .exception();
    expect(error).toMatchObject({
      exitCode: 4,
      stderr: name === 'process' ? 'my last words\n' : '',
    });
  });
});

test('a task sees the async context of whoever submitted it', async () => {
  await using executor = new AsyncExecutor({ maxWorkers: 1 });
  const storage = new AsyncLocalStorage<number>();
  const futures = [1, 2, 3].map((n) =>
    storage.run(n, () =>
      executor.submit(async () => {
        await Promise.resolve();
        return storage.getStore();
      }),
    ),
  );
  expect(await Promise.all(futures)).toEqual([1, 2, 3]);
});
