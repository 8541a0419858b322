import { channel } from 'node:diagnostics_channel';
import {
  monotonicNow,
  type ExecutorEvents,
} from '@concurrent-executors/executor/observe';
import { expect, onTestFinished, test } from 'vitest';
import { Activity } from '../src/activity.ts';
import { frame } from '../src/frame.ts';
import { withoutColor } from '../src/paint.ts';
import { loop, threads, worker } from './spans.ts';

function publish<Name extends keyof ExecutorEvents>(
  name: Name,
  event: ExecutorEvents[Name],
): void {
  channel(name).publish(event);
}

const task = (id: number, executor = threads, name = `task ${String(id)}`) => ({
  executor,
  id,
  name,
  calls: 1,
});

const one = worker(0);
const two = worker(1);

function submit(at: number, ...tasks: ReturnType<typeof task>[]): void {
  for (const task of tasks)
    publish('concurrent-executors:task:submitted', { task, at });
}

function begin(at: number, run: ReturnType<typeof task>, place?: typeof one) {
  const started = { task: run, at, attempt: 1, worker: place };
  publish('concurrent-executors:task:started', started);
}

function end(
  [startedAt, at]: readonly [number | undefined, number],
  run: ReturnType<typeof task>,
  place: typeof one | undefined,
  { failed = false, retried = false } = {},
): void {
  publish(`concurrent-executors:task:${retried ? 'retried' : 'finished'}`, {
    task: run,
    startedAt,
    at,
    attempt: 1,
    worker: place,
    failed,
    error: failed ? new Error('as asked') : undefined,
    thrown: failed,
  });
}

function observed(): Activity {
  const activity = new Activity(() => undefined);
  onTestFinished(() => {
    activity[Symbol.dispose]();
  });
  return activity;
}

/** At 10 s, in a terminal of 70 columns. */
function shown(
  activity: Activity,
  size: { columns?: number; rows?: number } = {},
) {
  return frame(activity, {
    title: 'test',
    elapsed: 10_000,
    now: 10_000,
    rate: 2.34,
    columns: 70,
    rows: 20,
    paint: withoutColor,
    ...size,
  });
}

test('nothing has happened', () => {
  expect(shown(observed())).toEqual([
    'test  10.0s  2.3 tasks/s',
    '0 waiting, 0 running, 0 done',
    'waited –; ran –',
  ]);
});

test('workers, and what they run', () => {
  const activity = observed();
  publish('concurrent-executors:worker:started', { worker: two, at: 9000 });
  publish('concurrent-executors:worker:started', { worker: one, at: 0 });
  publish('concurrent-executors:worker:ready', { worker: one, at: 50 });
  submit(0, task(1), task(2), task(3), task(4));
  begin(100, task(1), one);
  end([100, 1100], task(1), one);
  begin(1100, task(2), one);
  begin(1200, task(3), one);
  expect(shown(activity)).toEqual([
    'test  10.0s  2.3 tasks/s',
    '1 waiting, 2 running, 1 done',
    'waited p50 100ms p99 100ms; ran p50 1.0s p99 1.0s',
    'WORKER     STATE        FOR   DONE  TASK',
    'thread 1   running     8.9s      1  task 2 (+1)',
    'thread 2   starting    1.0s      0',
  ]);
  end([1100, 3000], task(2), one);
  expect(shown(activity)[4]).toBe('thread 1   running     8.8s      2  task 3');
  end([1200, 3000], task(3), one);
  publish('concurrent-executors:worker:ready', { worker: two, at: 9500 });
  expect(shown(activity).slice(4)).toEqual([
    'thread 1   idle        7.0s      3',
    'thread 2   idle       500ms      0',
  ]);
});

test('failures, retries, cancellations, and workers that are lost', () => {
  const activity = observed();
  submit(0, task(1), task(2), task(3), task(4));
  begin(100, task(1), one);
  end([100, 200], task(1), one, { failed: true, retried: true });
  expect(activity).toMatchObject({ waiting: 4, running: 0, done: 0 });
  begin(300, task(1), one);
  end([300, 400], task(1), one, { failed: true });
  publish('concurrent-executors:task:cancelled', { task: task(2), at: 500 });
  end([undefined, 600], task(3), undefined, { failed: true });
  begin(700, task(4), two);
  const exits = [
    { worker: two, expected: false, forced: false },
    { worker: worker(2), expected: true, forced: false },
    { worker: worker(3), expected: false, forced: true },
  ];
  for (const exit of exits)
    publish('concurrent-executors:worker:exited', {
      ...exit,
      at: 800,
      exitCode: 7,
      signal: null,
    });
  end([700, 800], task(4), two, { failed: true });
  expect(shown(activity)).toEqual([
    'test  10.0s  2.3 tasks/s',
    '0 waiting, 0 running, 3 done, 3 failed, 1 cancelled, 1 worker lost',
    'waited p50 100ms p99 700ms; ran p50 100ms p99 100ms',
    'WORKER     STATE        FOR   DONE  TASK',
    'thread 1   idle        9.6s      2',
  ]);
});

test('several executors, one of them in this event loop', () => {
  const activity = observed();
  const inLoop = task(
    2,
    loop,
    'a long name of a task that does not fit in here',
  );
  submit(0, task(1), inLoop);
  begin(0, inLoop);
  begin(0, task(1), one);
  expect(shown(activity).slice(4)).toEqual([
    'threads: thread 1  running    10.0s      0  task 1',
    'loop: event loop   running    10.0s      0  a long name of a task tha…',
  ]);
});

test('as many lines and columns as there are', () => {
  const activity = observed();
  for (let index = 0; index < 30; index += 1)
    publish('concurrent-executors:worker:started', {
      worker: worker(index),
      at: 0,
    });
  expect(shown(activity, { rows: 7 }).slice(4)).toEqual([
    'thread 1   starting   10.0s      0',
    'thread 2   starting   10.0s      0',
    '… and 28 more workers',
  ]);
  expect(shown(activity, { rows: 34 }).at(-1)).toMatch(/^thread 30 /);
  expect(shown(activity, { rows: 2 })).toHaveLength(2);
  for (const line of shown(activity, { columns: 12 }))
    expect(line.length).toBeLessThanOrEqual(12);
});

test('tasks and workers from before it has listened', () => {
  const activity = observed();
  begin(0, task(1), one);
  end([0, 10], task(1), one);
  publish('concurrent-executors:worker:ready', { worker: two, at: 0 });
  expect(activity).toMatchObject({ waiting: 0, running: 0, done: 0 });
  expect(activity.places).toMatchObject([{ worker: two, ready: true }]);
});

test('it calls back at each event, and not when it is disposed of', () => {
  let calls = 0;
  const activity = new Activity(() => {
    calls += 1;
  });
  submit(monotonicNow(), task(1));
  expect(calls).toBe(1);
  activity[Symbol.dispose]();
  submit(monotonicNow(), task(2));
  expect(calls).toBe(1);
});
