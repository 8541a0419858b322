// What isPrime and isPrimeByTrialDivision must both answer.
import {
  isPrime,
  isPrimeByTrialDivision,
  NUMBERS,
  UnsafeIntegerError,
} from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { CARMICHAEL } from './known-pseudoprimes.ts';
import { sieve } from './sieve.ts';

const HANG = 300_000;

describe('NUMBERS', () => {
  it('holds 20 numbers, ascending, 9 of them prime', () => {
    const values = NUMBERS.map(({ n }) => n);
    expect(values).toHaveLength(20);
    expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : 1)));
    expect(NUMBERS.filter(({ prime }) => prime)).toHaveLength(9);
  });

  it('keeps the two numbers above 2^53 exact', () => {
    expect(NUMBERS.slice(-2).map(({ n }) => n.toString())).toEqual([
      '9999999999999917',
      '9999999999999999',
    ]);
  });
});

describe.each([
  ['isPrime', isPrime],
  ['isPrimeByTrialDivision', isPrimeByTrialDivision],
])('%s', (_name, test) => {
  it.each(NUMBERS)('answers $prime for $n', ({ n, prime }) => {
    expect(test(n)).toBe(prime);
  });

  it('agrees with a sieve below 100 000, for number and bigint', () => {
    const limit = 100_000;
    const expected = sieve(limit);
    const wrong = [];
    for (let n = 0; n < limit; n++)
      if (
        test(n) !== (expected[n] === 1) ||
        test(BigInt(n)) !== (expected[n] === 1)
      )
        wrong.push(n);
    expect(wrong).toEqual([]);
  });

  it.each([-7, -2, -1, 0, -0, 1, -7n, 0n, 1n, -(2n ** 70n)])(
    'answers false for %s, below the smallest prime',
    (n) => {
      expect(test(n)).toBe(false);
    },
  );

  it.each([
    3n,
    46_337n,
    65_521n, // the largest below 2^16
    67_108_859n, // the largest below 2^26
    94_906_249n, // the largest with a square below 2^53
    94_906_297n, // the smallest with a square above 2^53
  ])('answers false for the square of the prime %i', (p) => {
    expect(test(p * p)).toBe(false);
  });

  it.each([
    [67_108_837n, 67_108_859n], // just below 2^52
    [67_108_859n, 67_108_879n], // on either side of 2^26
    [94_906_247n, 94_906_249n], // just below 2^53
    [94_906_249n, 94_906_297n], // just above 2^53
    [2_147_483_647n, 2_147_483_659n], // on either side of 2^31
  ])(
    'answers false for the product of the neighbouring primes %i and %i',
    (p, q) => {
      expect(test(p)).toBe(true);
      expect(test(q)).toBe(true);
      expect(test(p * q)).toBe(false);
    },
    HANG,
  );

  it.each(CARMICHAEL)('answers false for the Carmichael number %i', (n) => {
    expect(test(n)).toBe(false);
  });

  it.each([
    Number.MAX_SAFE_INTEGER, // 6361 * 69431 * 20394401
    2n ** 53n,
    2n ** 53n + 1n, // 3 * 107 * 28059810762433
    2n ** 64n - 1n,
    2n ** 64n,
    2n ** 64n + 1n, // 274177 * 67280421310721
    (2n ** 31n - 1n) * 8191n * 10_007n * 3n,
  ])('answers false for the composite %s beside a bound', (n) => {
    expect(test(n)).toBe(false);
  });

  it.each([
    2 ** 53 - 111, // the largest below 2^53, as number
    2n ** 53n - 111n,
    2n ** 53n + 5n, // the smallest above 2^53
    2n ** 32n - 5n, // the largest below 2^32
    2n ** 32n + 15n, // the smallest above 2^32
  ])('answers true for the prime %s beside a bound', (n) => {
    expect(test(n)).toBe(true);
  });

  it(
    'is right just below 2^64',
    () => {
      expect(test(2n ** 64n - 59n)).toBe(true); // the largest prime below 2^64
      expect(test(4_294_967_291n ** 2n)).toBe(false); // the largest square of a prime
      expect(test(4_294_967_279n * 4_294_967_291n)).toBe(false); // the largest two
    },
    HANG,
  );

  it.each([NaN, Infinity, -Infinity, 1.5, 2 ** 53, -(2 ** 53), 1e16, 1e300])(
    'refuses the number %s with one clear line',
    (n) => {
      expect(() => test(n)).toThrow(UnsafeIntegerError);
      expect(() => test(n)).toThrow(
        expect.objectContaining({
          name: 'UnsafeIntegerError',
          code: 'ERR_UNSAFE_INTEGER',
          message: `Expected a bigint or an integer from -(2^53 - 1) to 2^53 - 1, got ${String(n)}; for larger integers pass a bigint`,
        }),
      );
    },
  );

  it('throws a RangeError', () => {
    expect(() => test(0.5)).toThrow(RangeError);
  });
});
