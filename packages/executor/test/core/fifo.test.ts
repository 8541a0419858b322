import { expect, test } from 'vitest';
import { Fifo } from '../../src/core/fifo.ts';
import { makeRandom } from '../support/random.ts';

test('holds what an array would hold, whatever is put in and taken out', () => {
  const random = makeRandom();
  const fifo = new Fifo<number>();
  let expected: number[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    const choice = random.below(100);
    if (choice < 45) {
      fifo.push(step);
      expected.push(step);
    } else if (choice < 50) {
      fifo.unshift(step);
      expected.unshift(step);
    } else if (choice < 99) {
      if (expected.shift() !== undefined) fifo.drop();
    } else if (random.chance(0.1)) {
      fifo.clear();
      expected = [];
    }
    expect(fifo.length).toBe(expected.length);
    expect(fifo.first).toBe(expected[0]);
    if (step % 100 === 0) expect(fifo.toArray()).toEqual(expected);
  }
});
