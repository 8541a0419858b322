// Composites that pass one of the tests inside isPrime.
import { isPrime } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { isStrongLucasProbablePrime } from '../src/strong-lucas-probable-prime.ts';
import { isStrongProbablePrime } from '../src/strong-probable-prime.ts';
import { sieve } from './sieve.ts';

const LIMIT = 50_000;

/** The odd composites below LIMIT that pass, and the odd primes that do not. */
function misjudged(passes: (n: bigint) => boolean): number[] {
  const prime = sieve(LIMIT);
  const found = [];
  for (let n = 3; n < LIMIT; n += 2)
    if (passes(BigInt(n)) !== (prime[n] === 1)) found.push(n);
  return found;
}

describe('the parts of Baillie-PSW', () => {
  it('Miller-Rabin to base 2 misjudges the strong pseudoprimes, OEIS A001262', () => {
    expect(misjudged((n) => isStrongProbablePrime(n, 2n))).toEqual([
      2047, 3277, 4033, 4681, 8321, 15841, 29341, 42799, 49141,
    ]);
  });

  it('the strong Lucas test misjudges the strong Lucas pseudoprimes, OEIS A217255', () => {
    expect(misjudged(isStrongLucasProbablePrime)).toEqual([
      5459, 5777, 10877, 16109, 18971, 22499, 24569, 25199, 40309,
    ]);
  });
});

describe('isPrime', () => {
  // psi_1 to psi_13 of OEIS A014233: the first passes base 2, the last 13 prime bases.
  it.each([
    2047n,
    1_373_653n,
    25_326_001n,
    3_215_031_751n,
    2_152_302_898_747n,
    3_474_749_660_383n,
    341_550_071_728_321n,
    3_825_123_056_546_413_051n,
    318_665_857_834_031_151_167_461n,
    3_317_044_064_679_887_385_961_981n,
  ])('answers false for %i, a strong pseudoprime to the first bases', (n) => {
    expect(isPrime(n)).toBe(false);
  });

  it.each([61n, 89n, 107n, 127n, 521n, 607n])(
    'answers true for the Mersenne prime 2^%i - 1',
    (exponent) => {
      expect(isPrime(2n ** exponent - 1n)).toBe(true);
    },
  );

  it('answers false for large composites without a small divisor', () => {
    expect(isPrime(2n ** 67n - 1n)).toBe(false);
    expect(isPrime(2n ** 101n - 1n)).toBe(false);
    expect(isPrime((2n ** 61n - 1n) * (2n ** 89n - 1n))).toBe(false);
    expect(isPrime((2n ** 89n - 1n) ** 2n)).toBe(false);
    expect(isPrime((2n ** 53n - 111n) * (2n ** 53n + 5n))).toBe(false);
  });
});
