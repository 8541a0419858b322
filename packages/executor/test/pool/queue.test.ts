import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { Job } from '../../src/core/job.ts';
import type { TaskOptions } from '../../src/core/task-options.ts';
import { JobQueue } from '../../src/pool/queue.ts';
import { makeTally } from '../support/tally.ts';

class TestJob extends Job {
  readonly name = 'test';
  constructor(options: TaskOptions = {}) {
    super({ options, tally: makeTally() });
  }
  protected stop(): void {
    throw new Error('no job of this test runs');
  }
}

test('gives jobs by priority, then first in, first out, and never a cancelled one', () => {
  for (let round = 0; round < 300; round += 1) {
    const queue = new JobQueue<TestJob>();
    let model: TestJob[] = [];
    const priorities = round % 3; // 0: none, else so many different ones
    const priorityOf = (job: TestJob): number => job.options.priority ?? 0;
    const make = (): TestJob =>
      new TestJob(
        priorities === 0 ? {} : { priority: randomInt(-priorities, 2) },
      );
    const history: string[] = [];
    for (let step = 0; step < 100; step += 1) {
      const action = randomInt(0, 10);
      history.push(String(action));
      const trace = history.join(' ');
      if (action < 5) {
        const job = make();
        queue.push(job);
        const behind = model.filter((j) => priorityOf(j) >= priorityOf(job));
        model.splice(behind.length, 0, job);
      } else if (action < 7) {
        expect(queue.peek(), trace).toBe(model[0]);
        expect(queue.shift(), trace).toBe(model.shift());
      } else if (action < 9) {
        const job = model[randomInt(0, Math.max(model.length, 1))];
        job?.future.cancel();
        model = model.filter((other) => other !== job);
      } else {
        const job = make();
        queue.unshift([job]);
        const before = model.filter((j) => priorityOf(j) > priorityOf(job));
        model.splice(before.length, 0, job);
      }
    }
    expect(queue.jobs()).toEqual(model);
  }
});

test('many jobs cost little to push and shift', () => {
  const queue = new JobQueue<TestJob>();
  const jobs = Array.from({ length: 200_000 }, () => new TestJob());
  for (const job of jobs) queue.push(job);
  // With a cost that grows with the length this takes minutes.
  expect(jobs.every((job) => queue.shift() === job)).toBe(true);
});

test('a limit holds back what comes beyond it, in order', () => {
  for (let round = 0; round < 300; round += 1) {
    const limit = randomInt(0, 5);
    let left = 0;
    const queue = new JobQueue<TestJob>(limit, () => (left += 1));
    let model: TestJob[] = [];
    let cancelled = 0;
    for (let step = 0; step < 100; step += 1) {
      const action = randomInt(0, 10);
      if (action < 5) {
        const job = new TestJob();
        queue.push(job);
        model.push(job);
      } else if (action < 7) {
        expect(queue.shift()).toBe(model.shift());
      } else {
        const job = model[randomInt(0, Math.max(model.length, 1))];
        if (job?.future.cancel() === true) cancelled += 1;
        model = model.filter((other) => other !== job);
      }
      expect(queue.size).toBe(model.length);
    }
    expect(queue.jobs()).toEqual(model);
    expect(left).toBe(cancelled);
  }
});

test('of the jobs with one key only one is handed out at a time, in order', () => {
  const queue = new JobQueue<TestJob>();
  const [a1, a2, a3, b1] = ['a', 'a', 'a', 'b'].map(
    (key) => new TestJob({ key }),
  ) as [TestJob, TestJob, TestJob, TestJob]; // one for each key
  for (const job of [a1, a2, a3, b1]) queue.push(job);
  expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([
    a1,
    b1,
    undefined,
  ]);
  a2.future.cancel();
  expect(queue.shift()).toBeUndefined();
  a1.begin();
  a1.succeed(1);
  expect([queue.shift(), queue.shift()]).toEqual([a3, undefined]);
  a3.begin();
  a3.failForGood(new Error('failed'));
  const a4 = new TestJob({ key: 'a' });
  queue.push(a4);
  expect(queue.shift()).toBe(a4);
});

test('jobs that wait for their key count within the limit', () => {
  const queue = new JobQueue<TestJob>(1);
  const [a1, a2, a3, b1] = ['a', 'a', 'a', 'b'].map(
    (key) => new TestJob({ key }),
  ) as [TestJob, TestJob, TestJob, TestJob]; // one for each key
  for (const job of [a1, a2, a3, b1]) queue.push(job);
  expect(queue.shift()).toBe(a1);
  // a2 is inside and cannot start, and no more than one may be inside: a3 is the
  // first at the door, and cannot start, either.
  expect(queue.size).toBe(3);
  expect(queue.shift()).toBeUndefined();
  a3.future.cancel();
  expect(queue.shift()).toBe(b1); // it passes by
  a1.begin();
  a1.succeed(1);
  expect([queue.shift(), queue.size]).toEqual([a2, 0]);
});

test('with a limit of 0 keys are kept, too', () => {
  const queue = new JobQueue<TestJob>(0);
  const [a1, a2] = [new TestJob({ key: 'a' }), new TestJob({ key: 'a' })];
  for (const job of [a1, a2]) queue.push(job);
  expect([queue.shift(), queue.shift()]).toEqual([a1, undefined]);
  a1.begin();
  a1.succeed(1);
  expect([queue.shift(), queue.shift()]).toEqual([a2, undefined]);
});

test('many jobs with one key cost little', () => {
  const queue = new JobQueue<TestJob>();
  const jobs = Array.from(
    { length: 100_000 },
    () => new TestJob({ key: 'one' }),
  );
  for (const job of jobs) queue.push(job);
  // With a cost that grows with their number this takes minutes.
  for (const job of jobs) {
    if (queue.shift() !== job) expect.fail('it is not the next one');
    job.begin();
    job.succeed(1);
  }
  expect(queue.size).toBe(0);
});

test('a job passes by if none waits, and there is no other priority or key to heed', () => {
  const queue = new JobQueue<TestJob>();
  const first = new TestJob();
  expect(queue.passes(first)).toBe(true);
  queue.passed(first);
  expect([queue.size, queue.jobs()]).toEqual([0, []]);
  expect(queue.passes(new TestJob({ key: 1 }))).toBe(false);

  const waiting = new TestJob();
  queue.push(waiting);
  expect(queue.passes(new TestJob())).toBe(false);
  waiting.future.cancel();
  expect(queue.passes(new TestJob())).toBe(true);

  // Those that were handed out may have to give way to it, and it to others.
  expect(queue.passes(new TestJob({ priority: 1 }))).toBe(false);
  expect(queue.hasPriorities).toBe(true);
  expect(queue.passes(new TestJob())).toBe(false);
});

test('it hears of the end of a job that has passed by', () => {
  let left = 0;
  const queue = new JobQueue<TestJob>(Infinity, () => (left += 1));
  const job = new TestJob();
  queue.passed(job);
  job.begin();
  job.succeed(1);
  expect(left).toBe(1);
});
