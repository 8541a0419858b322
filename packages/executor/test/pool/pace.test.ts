import { describe, expect, test } from 'vitest';
import { Pace } from '../../src/pool/pace.ts';

/** What is longer does not matter, in milliseconds. */
const LIMIT = 2;

describe('the pace of a worker', () => {
  test('is unknown before its first job has ended', () => {
    const pace = new Pace(LIMIT);
    pace.begin(1_000);
    expect(pace.value).toBe(Infinity);
    pace.ended(4, 1_002);
    expect(pace.value).toBe(0.5);
  });

  test('is what the worker tells, and not when that was read', () => {
    const pace = new Pace(LIMIT);
    pace.begin(0);
    pace.ended(2, 1_000, 0.5);
    expect(pace.value).toBe(0.25);
  });

  test('one long job among short ones changes it little', () => {
    const pace = new Pace(LIMIT);
    let now = 0;
    const run = (milliseconds: number): void => {
      now += milliseconds;
      pace.ended(1, now);
    };
    pace.begin(now);
    for (let round = 0; round < 10; round += 1) {
      for (let job = 0; job < 19; job += 1) run(0.05);
      expect(pace.value).toBeLessThan(LIMIT / 10);
      pace.slowDown();
      expect(pace.value).toBe(Infinity);
      run(20);
      expect(pace.value).toBeLessThan(LIMIT / 2);
    }
  });

  test('is above the limit if the jobs are long, and below it when they are short again', () => {
    const pace = new Pace(LIMIT);
    let now = 0;
    pace.begin(now);
    pace.ended(1, (now += 0.05));
    for (let job = 0; job < 10; job += 1) pace.ended(1, (now += 20));
    expect(pace.value).toBeGreaterThan(LIMIT);
    for (let job = 0; job < 10; job += 1) pace.ended(1, (now += 0.05));
    expect(pace.value).toBeLessThan(LIMIT);
  });
});
