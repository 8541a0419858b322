import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AsyncExecutor,
  ThreadPoolExecutor,
  WorkerExitError,
} from '@concurrent-executors/executor';
import {
  ChromeTraceFile,
  Recorder,
  type ExecutorInfo,
  type TaskSpan,
} from '@concurrent-executors/executor/observe';
import { describe, expect, test } from 'vitest';
import { echo, exit, passGate, throwError } from '../fixtures/tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeTempFile } from '../support/temp-file.ts';
import {
  expectNoOverlap,
  namesOf,
  readTrace,
  spansOf,
  type Event,
} from './trace-events.ts';

const executor: ExecutorInfo = {
  id: 1,
  kind: 'AsyncExecutor',
  name: 'loop',
  maxWorkers: 9,
};

function span(changes: Partial<TaskSpan> = {}): TaskSpan {
  const startedAt = changes.startedAt ?? 10;
  return {
    task: { executor, id: 1, name: 'add', calls: 1 },
    attempt: 1,
    queuedAt: startedAt - 5,
    startedAt,
    endedAt: startedAt + 1,
    worker: undefined,
    outcome: 'returned',
    retried: false,
    error: undefined,
    ...changes,
  };
}

function traceOf(spans: readonly TaskSpan[], title = 'test') {
  using temp = makeTempFile();
  using file = new ChromeTraceFile(temp.path, { title });
  for (const one of spans) file.addTask(one);
  file.close();
  return readTrace(temp.path);
}

function threadsOf(events: readonly Event[]): (number | undefined)[] {
  return spansOf(events).map(({ tid }) => tid);
}

describe('rows of tasks in one event loop', () => {
  test('are as many as have run at once, whatever the order of their starts', () => {
    const { events } = traceOf(
      [
        [0, 3],
        [1, 4],
        [4, 5],
        [3.5, 6],
      ].map(([startedAt = 0, endedAt = 0]) => span({ startedAt, endedAt })),
    );
    expectNoOverlap(events);
    const rows = threadsOf(events);
    expect(new Set(rows).size).toBe(2);
    expect([...namesOf(events).values()]).toEqual([
      'loop',
      'event loop',
      'event loop (2)',
    ]);
  });

  test('do not overlap where one ends in the moment in which another starts', () => {
    const ends = Array.from({ length: 1000 }, (_, i) => 1e6 + i / 3);
    const { events } = traceOf(
      ends.map((startedAt) => span({ startedAt, endedAt: startedAt + 1 / 3 })),
    );
    expect(spansOf(events)).toHaveLength(1000);
    expectNoOverlap(events);
  });
});

test('any text may be a name, a title or an error', () => {
  const hostile = '"]}</script>\\\u0000\u2028\ud800\n{';
  const task = {
    executor: { ...executor, name: hostile },
    id: 1,
    name: hostile,
    calls: 1,
  };
  const error = `Error: ${hostile}`;
  const trace = traceOf([span({ task, outcome: 'threw', error })], hostile);
  expect(trace.title).toBe(hostile);
  const [only] = spansOf(trace.events);
  expect(only).toMatchObject({ name: hostile, args: { error } });
  expect(namesOf(trace.events).get(only?.pid ?? 0)).toBe(hostile);
});

test('tells what became of each run, and how long it had waited', () => {
  const { events } = traceOf([
    span({ queuedAt: 8, startedAt: 10, attempt: 2, retried: true }),
    span({
      startedAt: undefined,
      queuedAt: 8,
      endedAt: 12,
      outcome: 'cancelled',
    }),
  ]);
  expect(spansOf(events)).toMatchObject([
    { name: 'add', args: { attempt: 2, outcome: 'returned', waited: 2 } },
  ]);
  expect(events.filter(({ ph }) => ph === 'i')).toMatchObject([
    { name: 'add cancelled', s: 'p', args: { waited: 4 } },
  ]);
});

test('is refused at once where it cannot be written', () => {
  using temp = makeTempFile();
  expect(
    () => new ChromeTraceFile(`${temp.path}/trace.json`, { title: 'test' }),
  ).toThrow(
    expect.objectContaining({
      code: 'ERR_FILE_WRITE',
      message: `cannot write ${temp.path}/trace.json: no such file or directory (ENOENT)`,
    }),
  );
});

test('leaves nothing unless it is closed', () => {
  using temp = makeTempFile();
  {
    using file = new ChromeTraceFile(temp.path, { title: 'test' });
    file.addTask(span());
    expect(existsSync(temp.path)).toBe(false);
  }
  expect(readdirSync(dirname(temp.path))).toEqual([]);
});

describe.each(pools)('a $name pool that was recorded', ({ Pool }) => {
  test('has each run once, in the rows of its workers', async () => {
    using temp = makeTempFile();
    using file = new ChromeTraceFile(temp.path, { title: 'test' });
    using recorder = new Recorder([file]);
    {
      await using pool = new Pool({ maxWorkers: 2, namePrefix: 'cooks' });
      const results = pool.map(
        echo,
        Array.from({ length: 200 }, (_, i) => i),
      );
      for await (const result of results) expect(result).toBeTypeOf('number');
      await pool.with({ retries: 1 }).submit(throwError, 'twice').exception();
      const crash = await pool.submit(exit, 3).exception();
      expect(crash).toBeInstanceOf(WorkerExitError);
    }
    recorder.stop();
    file.close();
    const { events } = readTrace(temp.path);
    expectNoOverlap(events);
    const runs = spansOf(events).filter(({ name }) => name !== 'start');
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(1);
    const calls = runs
      .filter(({ name }) => name === 'echo')
      .map(({ args }) => Number(args['calls']));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(
      runs
        .filter(({ name }) => name === 'throwError')
        .map(({ args }) => [args['attempt'], args['retried'], args['error']]),
    ).toEqual([
      [1, true, 'RangeError: twice'],
      [2, false, 'RangeError: twice'],
    ]);
    expect(runs.filter(({ name }) => name === 'exit')).toMatchObject([
      { args: { outcome: 'crashed' } },
    ]);
    const crashes = events.filter(({ ph }) => ph === 'i');
    expect(crashes).toMatchObject([
      { name: 'crashed', args: { exit: 'exit code 3' } },
    ]);
    // One row for each worker: they do one thing at a time.
    const names = namesOf(events);
    expect(names.get(runs[0]?.pid ?? 0)).toBe('cooks');
    const rows = [...names.values()].slice(1);
    expect(new Set(rows).size).toBe(rows.length);
    for (const row of rows) expect(row).toMatch(/^(?:thread|process) \d+$/);
  });

  test('has more rows for a worker that runs several tasks at once', async () => {
    using temp = makeTempFile();
    using file = new ChromeTraceFile(temp.path, { title: 'test' });
    using recorder = new Recorder([file]);
    {
      await using gate = await makeGate();
      await using pool = new Pool({ maxWorkers: 1, tasksPerWorker: 3 });
      const held = [1, 2, 3].map((n) => pool.submit(passGate, gate.path, n));
      await gate.arrived(3);
      gate.open();
      await Promise.all(held);
    }
    recorder.stop();
    file.close();
    const { events } = readTrace(temp.path);
    expectNoOverlap(events);
    const runs = spansOf(events).filter(({ name }) => name === 'passGate');
    expect(new Set(threadsOf(runs)).size).toBe(3);
  });
});

test('two executors are two processes', async () => {
  using temp = makeTempFile();
  using file = new ChromeTraceFile(temp.path, { title: 'test' });
  using recorder = new Recorder([file]);
  {
    await using threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    await using loop = new AsyncExecutor();
    await Promise.all([threads.submit(echo, 1), loop.submit(echo, 2)]);
  }
  recorder.stop();
  file.close();
  const { events } = readTrace(temp.path);
  const names = namesOf(events);
  const owners = spansOf(events)
    .filter(({ name }) => name === 'echo')
    .map(({ pid }) => names.get(pid));
  expect(owners.sort()).toEqual(['AsyncExecutor', 'ThreadPoolExecutor']);
});
