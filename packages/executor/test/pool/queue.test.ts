import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { Settler } from '../../src/core/future.ts';
import { JobQueue } from '../../src/pool/queue.ts';

test('gives jobs first in, first out, and never a cancelled one', () => {
  for (let round = 0; round < 200; round += 1) {
    const queue = new JobQueue<Settler<unknown>>();
    let model: Settler<unknown>[] = [];
    const history: string[] = [];
    for (let step = 0; step < 100; step += 1) {
      const action = randomInt(0, 10);
      history.push(String(action));
      const trace = history.join(' ');
      if (action < 5) {
        const job = new Settler<unknown>();
        queue.push(job);
        model.push(job);
      } else if (action < 7) {
        expect(queue.peek(), trace).toBe(model[0]);
        expect(queue.shift(), trace).toBe(model.shift());
      } else if (action < 9) {
        const job = model[randomInt(0, Math.max(model.length, 1))];
        job?.future.cancel();
        model = model.filter((other) => other !== job);
      } else {
        const returned = [new Settler<unknown>(), new Settler<unknown>()];
        queue.unshift(returned);
        model.unshift(...returned);
      }
    }
    expect(queue.drain()).toEqual(model);
    expect(queue.peek()).toBeUndefined();
  }
});

test('a million jobs cost little to push and shift', () => {
  const queue = new JobQueue<Settler<unknown>>();
  const job = new Settler<unknown>();
  for (let n = 0; n < 1_000_000; n += 1) queue.push(job);
  // With a cost that grows with the length this takes hours.
  for (let n = 0; n < 1_000_000; n += 1)
    expect(queue.shift() === job).toBe(true);
});
