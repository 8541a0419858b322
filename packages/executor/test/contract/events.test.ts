/* What is published of one task, in which order, and to whom. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, test } from 'vitest';
import {
  SerialExecutor,
  ThreadPoolExecutor,
  TimeoutError,
  WorkerExitError,
} from '@concurrent-executors/executor';
import type {
  ExecutorEvents,
  TaskEnded,
} from '@concurrent-executors/executor/observe';
import { exitUntil, failOnce } from '../fixtures/engine-tasks.mjs';
import { add, exit, failUntil, passGate, spin } from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';
import { EventLog } from '../support/event-log.ts';
import { makeGate } from '../support/gate.ts';
import { makeTempFile } from '../support/temp-file.ts';

type EventName = keyof ExecutorEvents;

const prefix = 'concurrent-executors:';
const taskEvents = ['submitted', 'started', 'retried', 'finished', 'cancelled'];
const workerEvents = ['started', 'ready', 'exited'];
const names = [
  ...taskEvents.map((name) => `${prefix}task:${name}`),
  ...workerEvents.map((name) => `${prefix}worker:${name}`),
] as EventName[];

/** All events, in order: `task:started`, … with what was published. */
class Events implements Disposable {
  readonly all: (readonly [name: string, event: Record<string, unknown>])[] =
    [];

  constructor() {
    for (const name of names) subscribe(name, this.#listener);
  }

  get names(): string[] {
    return this.all.map(([name]) => name);
  }

  /** The last one of the name. */
  last(name: string): Record<string, unknown> | undefined {
    return this.all.findLast(([each]) => each === name)?.[1];
  }

  [Symbol.dispose](): void {
    for (const name of names) unsubscribe(name, this.#listener);
  }

  readonly #listener = (event: unknown, name: string | symbol): void => {
    this.all.push([
      String(name).slice(prefix.length),
      event as Record<string, unknown>, // every event is an object
    ]);
  };
}

describe.each(backends)('$name: events', ({ name, make }) => {
  test('tell of a task from its submit to its end', async () => {
    using events = new Events();
    await using executor = make(2);
    const future = executor.submit(add, 1, 2);
    expect(events.names[0]).toBe('task:submitted');
    let atEnd: string[] = [];
    future.addDoneCallback(() => {
      atEnd = [...events.names];
    });
    expect(await future).toBe(3);
    expect(atEnd.at(-1)).toBe('task:finished');
    const task = {
      executor: {
        id: expect.any(Number) as number,
        kind: name,
        name,
        maxWorkers: executor.maxWorkers,
      },
      id: future.id,
      name: 'add',
      calls: 1,
    };
    expect(events.names.filter((each) => each.startsWith('task'))).toEqual([
      'task:submitted',
      'task:started',
      'task:finished',
    ]);
    expect(events.last('task:submitted')).toMatchObject({ task });
    expect(events.last('task:started')).toMatchObject({ task, attempt: 1 });
    expect(events.last('task:finished')).toMatchObject({
      task,
      attempt: 1,
      failed: false,
      error: undefined,
    });
  });

  test('tell of each run of a task that is retried', async () => {
    using log = new EventLog();
    using events = new Events();
    await using executor = make(2);
    const future = executor.with({ retries: 2 }).submit(failUntil, 4, false);
    const error = await future.exception();
    expect(events.names.filter((each) => each.startsWith('task'))).toEqual([
      'task:submitted',
      ...['task:started', 'task:retried'],
      ...['task:started', 'task:retried'],
      ...['task:started', 'task:finished'],
    ]);
    const end = { attempt: 3, failed: true, error, thrown: true };
    expect(events.last('task:finished')).toMatchObject(end);
    expect(events.last('task:retried')).toMatchObject({
      attempt: 2,
      error: { message: 'attempt 2' },
      thrown: true,
    });
    expect(log.problems).toEqual([]);
  });

  test('tell nothing of a task that was submitted before anybody listened', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const before = executor.submit(passGate, gate.path, 1);
    using log = new EventLog();
    gate.open();
    await before;
    expect(log.tasks.size).toBe(0);
  });

  test('stats() do not measure times unless that is asked for', async () => {
    await using executor = make(2);
    await executor.submit(add, 1, 2);
    expect(executor.stats()).toMatchObject({
      waiting: undefined,
      latency: undefined,
    });
  });
});

test('a task that is cancelled in the queue', async () => {
  using events = new Events();
  await using gate = await makeGate();
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const first = pool.submit(passGate, gate.path, 1);
  const second = pool.submit(add, 1, 2);
  expect(second.cancel()).toBe(true);
  expect(events.last('task:cancelled')).toMatchObject({
    task: { id: second.id },
  });
  gate.open();
  await first;
  expect(events.names.filter((name) => name === 'task:finished').length).toBe(
    1,
  );
});

test('a task that waits for too long has no run', async () => {
  using events = new Events();
  await using gate = await makeGate();
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const first = pool.submit(passGate, gate.path, 1);
  const second = pool.with({ queueTimeout: 1 }).submit(add, 1, 2);
  const error = await second.exception();
  expect(error).toBeInstanceOf(TimeoutError);
  expect(events.last('task:finished')).toMatchObject({
    task: { id: second.id },
    startedAt: undefined,
    attempt: 0,
    worker: undefined,
    failed: true,
    error,
    thrown: false,
  });
  gate.open();
  await first;
});

describe.each(pools)('$name pool: events', ({ Pool }) => {
  test('tell of workers and of who runs what', async () => {
    using events = new Events();
    {
      await using pool = new Pool({ maxWorkers: 1, namePrefix: 'sums' });
      await pool.submit(add, 1, 2);
    }
    expect(events.names).toEqual([
      ...['task:submitted', 'worker:started', 'task:started', 'worker:ready'],
      ...['task:finished', 'worker:exited'],
    ]);
    const { worker } = events.last('task:started') ?? {};
    expect(worker).toMatchObject({ index: 0, executor: { name: 'sums' } });
    expect(events.last('task:finished')?.['worker']).toBe(worker);
    expect(events.last('worker:ready')?.['worker']).toBe(worker);
    expect(events.last('worker:exited')).toMatchObject({
      worker,
      exitCode: 0,
      signal: null,
      expected: true,
      forced: false,
    });
  });

  test('of a crash: first of the task, then of the worker', async () => {
    using log = new EventLog();
    using events = new Events();
    await using pool = new Pool({ maxWorkers: 1 });
    const error = await pool.submit(exit, 7).exception();
    expect(error).toBeInstanceOf(WorkerExitError);
    expect(events.last('task:finished')).toMatchObject({
      failed: true,
      error,
      thrown: false,
    });
    expect(events.last('worker:exited')).toMatchObject({
      exitCode: 7,
      expected: false,
      forced: false,
    });
    expect(events.names.slice(-2)).toEqual(['task:finished', 'worker:exited']);
    expect(log.problems).toEqual([]);
  });

  test('of a task that is ended by force', async () => {
    using events = new Events();
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
    const future = pool.submit(spin, gate.path);
    await gate.arrived(1);
    future.abort();
    const error = await future.exception();
    expect(events.last('task:finished')).toMatchObject({
      error,
      thrown: false,
    });
    expect(events.last('worker:exited')).toMatchObject({
      expected: true,
      forced: true,
    });
  });

  test('of tasks whose worker has ended before it had started them', async () => {
    using log = new EventLog();
    using file = makeTempFile();
    await using pool = new Pool({
      maxWorkers: 1,
      initializer: exitUntil,
      initArgs: [file.path, 2],
    });
    const futures = [1, 2].map((n) => pool.submit(add, n, n));
    expect(await Promise.all(futures)).toEqual([2, 4]);
    expect([...log.tasks.values()].map(({ starts }) => starts)).toEqual([3, 1]);
    expect(log.problems).toEqual([]);
  });

  test('of a chunk, which is one task', async () => {
    using log = new EventLog();
    await using pool = new Pool({ maxWorkers: 1 });
    const view = pool.with({ chunkSize: 3 });
    const sums = view.map(add, [1, 2, 3, 4], [1, 1, 1, 1]);
    const results: number[] = [];
    for await (const sum of sums) results.push(sum);
    expect(results).toEqual([2, 3, 4, 5]);
    expect([...log.tasks.values()].map(({ info }) => info.calls)).toEqual([
      3, 1,
    ]);
  });

  test('runs have the times of the worker: two of them never overlap', async () => {
    using runs = new Runs();
    await using pool = new Pool({ maxWorkers: 2 });
    const count = 2_000;
    const futures = Array.from({ length: count }, (_, n) =>
      pool.submit(add, n, 1),
    );
    await Promise.all(futures);
    expect(runs.all.length).toBe(count);
    const ends = new Map<unknown, number>();
    const inOrder = runs.all.toSorted(
      (a, b) => Number(a.startedAt) - Number(b.startedAt),
    );
    const overlaps = inOrder.filter(({ worker, startedAt, at }) => {
      const end = ends.get(worker) ?? -Infinity;
      ends.set(worker, at);
      return Number(startedAt) < end;
    });
    expect(overlaps).toEqual([]);
    expect(ends.size).toBe(2);
  });
});

/** The ends of all runs. */
class Runs implements Disposable {
  readonly all: TaskEnded[] = [];

  constructor() {
    subscribe(`${prefix}task:finished`, this.#listener);
  }

  [Symbol.dispose](): void {
    unsubscribe(`${prefix}task:finished`, this.#listener);
  }

  readonly #listener = (event: unknown): void => {
    this.all.push(event as TaskEnded); // nothing else is published there
  };
}

describe('measureLatency', () => {
  test.each(pools)('$name pool', async ({ Pool }) => {
    using file = makeTempFile();
    await using pool = new Pool({ maxWorkers: 2, measureLatency: true });
    await Promise.all([1, 2, 3].map((n) => pool.submit(add, n, 1)));
    await pool.with({ retries: 1 }).submit(failOnce, file.path);
    const { waiting, latency } = pool.stats();
    expect(waiting?.count).toBe(4);
    expect(latency?.count).toBe(4);
    if (latency === undefined) return;
    const { p50, p90, p99, max, mean } = latency;
    const inOrder = [0, p50, p90, p99, max];
    expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder);
    expect(p50).toBeGreaterThan(0);
    expect(mean).toBeLessThanOrEqual(max);
  });

  test('serial', async () => {
    await using executor = new SerialExecutor({ measureLatency: true });
    expect(executor.stats().latency).toEqual({
      count: 0,
      mean: 0,
      p50: 0,
      p90: 0,
      p99: 0,
      max: 0,
    });
    await executor.submit(add, 1, 2);
    expect(executor.stats().latency?.count).toBe(1);
  });
});
