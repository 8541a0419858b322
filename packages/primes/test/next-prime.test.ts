import {
  nextPrime,
  primesBelow,
  UnsafeIntegerError,
} from '@concurrent-executors/primes';
import { describe, expect, expectTypeOf, it } from 'vitest';

const LARGEST_SAFE_PRIME = 2 ** 53 - 111;

describe('nextPrime', () => {
  it('steps through all primes, for number and bigint', () => {
    const wrong = [];
    let n = -1;
    for (const prime of primesBelow(30_000))
      for (; n < prime; n++)
        if (nextPrime(n) !== prime || nextPrime(BigInt(n)) !== BigInt(prime))
          wrong.push(n);
    expect(wrong).toEqual([]);
    expect(n).toBe(29_989);
  });

  it.each([
    [-(10n ** 30n), 2n],
    [2n ** 32n - 5n, 2n ** 32n + 15n],
    [2n ** 53n - 111n, 2n ** 53n + 5n],
    [2n ** 63n - 25n, 2n ** 63n + 29n],
    [2n ** 64n - 60n, 2n ** 64n - 59n],
    [2n ** 64n - 59n, 2n ** 64n + 13n],
    [2n ** 64n - 1n, 2n ** 64n + 13n],
    [2n ** 64n, 2n ** 64n + 13n],
    [10n ** 30n, 10n ** 30n + 57n],
    // The first gap of more than 1000: T. R. Nicely.
    [1_693_182_318_746_371n, 1_693_182_318_746_371n + 1132n],
  ])('after %i comes %i', (n, prime) => {
    expect(nextPrime(n)).toBe(prime);
  });

  it('gives the type that it gets', () => {
    expectTypeOf(nextPrime(1)).toEqualTypeOf<number>();
    expectTypeOf(nextPrime(1n)).toEqualTypeOf<bigint>();
    expect(nextPrime(-Number.MAX_SAFE_INTEGER)).toBe(2);
    expect(nextPrime(LARGEST_SAFE_PRIME - 1)).toBe(LARGEST_SAFE_PRIME);
  });

  it.each([LARGEST_SAFE_PRIME, Number.MAX_SAFE_INTEGER])(
    'refuses the number %i, whose next prime is no safe integer',
    (n) => {
      expect(() => nextPrime(n)).toThrow(UnsafeIntegerError);
      expect(() => nextPrime(n)).toThrow(
        `The next prime after ${String(n)} is above 2^53 - 1: pass a bigint`,
      );
    },
  );

  it.each([NaN, 0.5, Infinity, 2 ** 53])('refuses the number %s', (n) => {
    expect(() => nextPrime(n)).toThrow(UnsafeIntegerError);
  });
});
