import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { Job } from '../../src/core/job.ts';
import { JobQueue } from '../../src/pool/queue.ts';

class TestJob extends Job {
  readonly name = 'test';
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
    expect(queue.drain()).toEqual(model);
    expect(queue.peek()).toBeUndefined();
  }
});

test('a million jobs cost little to push and shift', () => {
  const queue = new JobQueue<TestJob>();
  const job = new TestJob({});
  for (let n = 0; n < 1_000_000; n += 1) queue.push(job);
  // With a cost that grows with the length this takes hours.
  let same = 0;
  for (let n = 0; n < 1_000_000; n += 1) if (queue.shift() === job) same += 1;
  expect(same).toBe(1_000_000);
});
