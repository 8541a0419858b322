import { describe, expect, test } from 'vitest';
import { MovingRate } from '../src/rate.ts';

/** The rate after samples that are given by what each adds. */
function rateAfter(...samples: [items: number, seconds: number][]) {
  const rate = new MovingRate();
  let [items, seconds] = [0, 0];
  for (const [moreItems, moreSeconds] of samples) {
    items += moreItems;
    seconds += moreSeconds;
    rate.sample(items, seconds);
  }
  return {
    now: rate.perSecond(items, seconds),
    later: (moreItems: number, moreSeconds: number) =>
      rate.perSecond(items + moreItems, seconds + moreSeconds),
  };
}

describe('the moving rate', () => {
  test('is 0 before the first sample, however long that takes', () => {
    expect(rateAfter().now).toBe(0);
    expect(rateAfter().later(0, 10)).toBe(0);
  });

  test('is that of the first sample at once: it does not creep up from zero', () => {
    expect(rateAfter([10, 2]).now).toBeCloseTo(5);
  });

  test('stays when the speed stays, whatever the length of samples', () => {
    expect(rateAfter([10, 2], [1, 0.2], [50, 10]).now).toBeCloseTo(5);
  });

  test('gives the newest sample three tenths of the weight', () => {
    // items: 0.7 · 3 + 0.3 · 40 = 14.1; seconds: 0.7 · 0.3 + 0.3 · 1 = 0.51
    expect(rateAfter([10, 1], [40, 1]).now).toBeCloseTo(14.1 / 0.51);
  });

  test('does not move within the usual pause between samples', () => {
    expect(rateAfter([1, 3]).later(0, 2.9)).toBeCloseTo(1 / 3);
  });

  test('falls during a stall', () => {
    const { now, later } = rateAfter([10, 1], [10, 1]);
    expect(later(0, 5)).toBeLessThan(now / 2);
    expect(later(0, 50)).toBeLessThan(later(0, 5) / 2);
  });

  test('after a stall is what the stall already showed', () => {
    const during = rateAfter([10, 1]).later(1, 30);
    expect(rateAfter([10, 1], [1, 30]).now).toBe(during);
  });
});
