import { describe, expect, test } from 'vitest';
import {
  AsyncExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
} from '@concurrent-executors/executor';
import {
  Recorder,
  type SpanSink,
  type TaskSpan,
  type WorkerSpan,
} from '@concurrent-executors/executor/observe';
import {
  add,
  exit,
  failUntil,
  passGate,
  spin,
  throwValue,
} from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

class Spans implements SpanSink {
  readonly tasks: TaskSpan[] = [];
  readonly workers: WorkerSpan[] = [];

  addTask(span: TaskSpan): void {
    this.tasks.push(span);
  }

  addWorker(span: WorkerSpan): void {
    this.workers.push(span);
  }

  /** `add 1 returned` for each run, in the order of their ends. */
  get lines(): string[] {
    return this.tasks.map(
      ({ task, attempt, outcome, retried }) =>
        `${task.name} ${String(attempt)} ${outcome}${retried ? ' retried' : ''}`,
    );
  }
}

describe.each(backends)('$name: a recording', ({ make }) => {
  test('has each run once, and its times in order', async () => {
    const spans = new Spans();
    using recorder = new Recorder([spans]);
    {
      await using executor = make(2);
      await executor.submit(add, 1, 2);
      await executor.with({ retries: 1 }).submit(failUntil, 2, false);
      await executor.submit(throwValue, 'text').exception();
    }
    recorder.stop();
    expect(spans.lines).toEqual([
      'add 1 returned',
      'failUntil 1 threw retried',
      'failUntil 2 returned',
      'throwValue 1 threw',
    ]);
    for (const { queuedAt, startedAt = 0, endedAt } of spans.tasks) {
      const times = [recorder.startedAt, queuedAt, startedAt, endedAt];
      expect(times.toSorted((a, b) => a - b)).toEqual(times);
    }
    expect(spans.tasks.map(({ error }) => error)).toEqual([
      undefined,
      expect.stringMatching(/^\w*Error: /),
      undefined,
      'thrown: text',
    ]);
  });

  test('has what was cancelled, and what goes on at its end', async () => {
    const spans = new Spans();
    using recorder = new Recorder([spans]);
    await using gate = await makeGate();
    await using executor = make(1);
    const running = executor.submit(passGate, gate.path, 1);
    const waiting = executor.with({ key: 1 }).submit(passGate, gate.path, 2);
    const cancelled = executor.with({ key: 1 }).submit(add, 1, 2);
    expect(cancelled.cancel()).toBe(true);
    recorder.stop();
    expect(spans.lines).toEqual([
      'add 0 cancelled',
      'passGate 1 unfinished',
      'passGate 0 unfinished',
    ]);
    gate.open();
    await Promise.all([running, waiting]);
    expect(spans.tasks.length).toBe(3); // it listens no more
  });
});

describe.each(pools)('$name pool: a recording', ({ Pool }) => {
  test('has the lives of the workers', async () => {
    const spans = new Spans();
    using recorder = new Recorder([spans]);
    await using gate = await makeGate();
    {
      await using pool = new Pool({ maxWorkers: 1, abortGrace: 1 });
      await pool.submit(exit, 7).exception();
      const endless = pool.submit(spin, gate.path);
      await gate.arrived(1);
      endless.abort();
      await endless.exception();
      await pool.submit(add, 1, 2);
    }
    recorder.stop();
    expect(spans.lines).toEqual([
      'exit 1 crashed',
      'spin 1 aborted',
      'add 1 returned',
    ]);
    expect(spans.workers.map(({ end }) => end)).toEqual([
      'crashed',
      'terminated',
      'closed',
    ]);
    expect(spans.workers.map(({ worker }) => worker.index)).toEqual([0, 1, 2]);
    for (const { startedAt, readyAt = 0, endedAt = 0 } of spans.workers) {
      const times = [recorder.startedAt, startedAt, readyAt, endedAt];
      expect(times.toSorted((a, b) => a - b)).toEqual(times);
    }
    expect(spans.workers[0]?.exit).toBe('exit code 7');
    for (const { worker, startedAt = 0 } of spans.tasks) {
      const life = spans.workers.find((span) => span.worker === worker);
      // No task begins before its worker can run any.
      expect(life?.startedAt).toBeLessThanOrEqual(startedAt);
    }
  });

  test('may begin when workers are there, and end before them', async () => {
    const spans = new Spans();
    await using pool = new Pool({ maxWorkers: 1 });
    await pool.submit(add, 1, 2);
    using recorder = new Recorder([spans]);
    await pool.submit(add, 1, 2);
    recorder.stop();
    expect(spans.lines).toEqual(['add 1 returned']);
    expect(spans.workers).toMatchObject([
      { startedAt: recorder.startedAt, endedAt: undefined, end: undefined },
    ]);
  });
});

test('a task that throws a TimeoutError of its own was not timed out', async () => {
  const spans = new Spans();
  using recorder = new Recorder([spans]);
  await using gate = await makeGate();
  await using inner = new AsyncExecutor();
  await using outer = new SerialExecutor();
  const slow = inner.submit(passGate, gate.path, 1);
  const future = outer.submit(() => slow.result({ timeout: 0 }));
  expect(await future.exception()).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(spans.tasks.map(({ outcome }) => outcome)).toEqual(['threw']);
  gate.open();
  await slow;
  recorder.stop();
});

test('only of the executors that are asked for', async () => {
  const spans = new Spans();
  using recorder = new Recorder([spans], {
    filter: ({ name }) => name === 'heard',
  });
  {
    await using heard = new ThreadPoolExecutor({ namePrefix: 'heard' });
    await using other = new ThreadPoolExecutor({ namePrefix: 'other' });
    await Promise.all([heard.submit(add, 1, 2), other.submit(add, 1, 2)]);
  }
  recorder.stop();
  expect(spans.tasks.map(({ task }) => task.executor.name)).toEqual(['heard']);
  expect(spans.workers.map(({ worker }) => worker.executor.name)).toEqual([
    'heard',
  ]);
});

test('a recorder that is disposed of gives nothing to its sinks', async () => {
  const spans = new Spans();
  await using gate = await makeGate();
  await using executor = new AsyncExecutor();
  let running: PromiseLike<unknown>;
  {
    using recorder = new Recorder([spans]);
    running = executor.submit(passGate, gate.path, 1);
    expect(recorder.startedAt).toBeGreaterThan(0);
  }
  gate.open();
  await running;
  expect(spans.tasks).toEqual([]);
});
