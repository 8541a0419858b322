import { describe, expect, test } from 'vitest';
import { Arrivals } from '../src/worker/arrivals.ts';
import { Leases } from '../src/worker/leases.ts';
import { Pace } from '../src/worker/pace.ts';
import { Places } from '../src/worker/places.ts';
import { until } from './support/until.ts';

describe('Places', () => {
  test('are free again when they were left', () => {
    const places = new Places(2);
    const now = performance.now();
    expect([places.take(now), places.take(now)]).toEqual([0, 1]);
    // More runs than places are not known of: one place has two then.
    expect(places.take(now)).toBe(0);
    places.leave(1);
    expect(places.take(performance.now())).toBe(1);
    expect(places.nameOf(1)).toBe(`${places.worker}/1`);
    places.leave(99); // there is none
  });

  test('a run gets one that was free since its start, if there is one', () => {
    const places = new Places(2);
    const before = performance.now() - 1;
    expect(places.take(before)).toBe(0);
    places.leave(0);
    expect(places.take(before)).toBe(1);
    places.leave(1);
    expect(places.take(before)).toBe(0); // none was, but one is free
  });
});

describe('Arrivals', () => {
  /** Takes so many steps before and behind its place in the order. */
  async function pass(
    arrivals: Arrivals<number>,
    item: number,
    steps: number,
    passed: unknown[],
  ): Promise<void> {
    for (let step = 0; step < steps; step += 1) await Promise.resolve();
    await arrivals.inOrder(item);
    for (let step = 0; step < steps; step += 1) await Promise.resolve();
    passed.push(item);
    await arrivals.all();
    passed.push(`all ${String(item)}`);
  }

  test('go on in order, however many steps they take, and then together', async () => {
    const arrivals = new Arrivals<number>((a, b) => a - b);
    const passed: unknown[] = [];
    await Promise.all([
      pass(arrivals, 3, 0, passed),
      pass(arrivals, 1, 40, passed),
      pass(arrivals, 2, 7, passed),
    ]);
    expect(passed).toEqual([1, 2, 3, 'all 1', 'all 2', 'all 3']);
    // The next answer.
    await pass(arrivals, 0, 1, passed);
    expect(passed.slice(6)).toEqual([0, 'all 0']);
    await arrivals.all(); // nothing is on its way
  });
});

describe('Pace', () => {
  test('takes ahead when runs are short, and no more after a long one', () => {
    const pace = new Pace(2);
    expect(pace.jobs).toBe(2);
    for (let run = 0; run < 1_000; run += 1) pace.ran(0);
    expect(pace.jobs).toBe(2 * 97);
    pace.ran(5);
    expect(pace.jobs).toBe(2);
    for (let run = 0; run < 1_000; run += 1) pace.ran(3);
    expect(pace.jobs).toBe(2);
  });
});

describe('Leases', () => {
  test('tell once of a lock that is not renewed', async () => {
    const lost: string[] = [];
    const leases = new Leases(20, (id) => {
      lost.push(id);
    });
    leases.take('kept', 0);
    leases.take('forgotten', 0);
    leases.take('released', 0);
    leases.release('released');
    leases.renewed(['unknown'], performance.now());
    await until(() => {
      leases.renewed(['kept'], performance.now() + 1_000);
      return lost.length > 0;
    });
    leases.lost('forgotten');
    leases.lost('kept');
    leases.lost('kept');
    // No timer is left behind now.
    expect(lost).toEqual(['forgotten', 'kept']);
  });

  test('count the time that the lock was on its way', async () => {
    const lost: string[] = [];
    const leases = new Leases(1_000, (id) => {
      lost.push(id);
    });
    leases.take('new', 0);
    leases.take('old', 900);
    await until(() => lost.length > 0);
    expect(lost).toEqual(['old']);
    leases.release('new');
  });
});
