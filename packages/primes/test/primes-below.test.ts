import {
  isPrime,
  primesBelow,
  UnsafeIntegerError,
} from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { sieve } from './sieve.ts';

/** How many numbers the sieve has in memory at a time. */
const SEGMENT = 30 * 2 ** 15;

function primesOf(table: Uint8Array): number[] {
  return [...table.keys()].filter((n) => table[n] === 1);
}

function count(values: IterableIterator<number>): number {
  let count = 0;
  while (values.next().done !== true) count++;
  return count;
}

describe('primesBelow', () => {
  it.each([
    [10, 4],
    [10 ** 2, 25],
    [10 ** 3, 168],
    [10 ** 4, 1_229],
    [10 ** 5, 9_592],
    [10 ** 6, 78_498],
    [10 ** 7, 664_579],
    [10 ** 8, 5_761_455],
  ])('finds as many below %i as tables say: %i', (limit, expected) => {
    expect(count(primesBelow(limit))).toBe(expected);
  });

  it('agrees with a sieve for every limit up to 2000', () => {
    for (let limit = 0; limit <= 2_000; limit++)
      expect([...primesBelow(limit)]).toEqual(primesOf(sieve(limit)));
  });

  it('agrees with a sieve for limits beside the end of a segment', () => {
    const all = primesOf(sieve(2 * SEGMENT + 100));
    for (const end of [SEGMENT, 2 * SEGMENT])
      for (const distance of [-31, -30, -29, -1, 0, 1, 2, 29, 30, 31]) {
        const limit = end + distance;
        const expected = all.filter((prime) => prime < limit);
        // Of arrays of so many numbers a difference would take minutes to show.
        expect(primesBelow(limit).next()).toEqual({ value: 2, done: false });
        const found = [...primesBelow(limit)];
        expect(found.length).toBe(expected.length);
        expect(found.every((prime, i) => prime === expected[i])).toBe(true);
      }
  });

  it('agrees with isPrime below a million', () => {
    const found = new Set(primesBelow(10 ** 6));
    const wrong = [];
    for (let n = 0; n < 10 ** 6; n++)
      if (found.has(n) !== isPrime(n)) wrong.push(n);
    expect(wrong).toEqual([]);
  });

  it('takes the limit as a bigint, too', () => {
    expect([...primesBelow(12n)]).toEqual([2, 3, 5, 7, 11]);
  });

  it.each([-(10n ** 30n), Number.MIN_SAFE_INTEGER, -1, -0, 0, 1, 2])(
    'finds none below %s',
    (limit) => {
      expect([...primesBelow(limit)]).toEqual([]);
    },
  );

  it('computes only what is asked for', () => {
    // All of them would take months.
    const primes = primesBelow(Number.MAX_SAFE_INTEGER);
    for (const prime of [2, 3, 5, 7, 11, 13])
      expect(primes.next()).toEqual({ value: prime, done: false });
  });

  it('ends when a loop over it is left', () => {
    const primes = primesBelow(Number.MAX_SAFE_INTEGER);
    expect(primes.next().value).toBe(2);
    for (const prime of primes) if (prime > 10) break;
    expect(primes.next()).toEqual({ value: undefined, done: true });
    expect(primes.next()).toEqual({ value: undefined, done: true });
  });

  it('stays at its end', () => {
    const primes = primesBelow(100);
    expect(count(primes)).toBe(25);
    expect(primes.next()).toEqual({ value: undefined, done: true });
    expect(count(primes)).toBe(0);
  });

  it.each([NaN, 1.5, Infinity, 2 ** 53])('refuses the limit %s', (limit) => {
    expect(() => primesBelow(limit)).toThrow(UnsafeIntegerError);
  });

  it('refuses a bigint above 2^53 - 1', () => {
    expect(() => primesBelow(2n ** 53n)).toThrow(
      expect.objectContaining({
        code: 'ERR_UNSAFE_INTEGER',
        message:
          'Expected a limit up to 2^53 - 1, got 9007199254740992: the primes come as numbers',
      }),
    );
  });
});
