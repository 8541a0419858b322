import { isPrime, isPrimeByTrialDivision } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { randomIntegers, seed } from './random-integers.ts';

describe(`seed ${String(seed)}`, () => {
  const random = randomIntegers();
  const randomOfBits = (bits: number) => random(bits) | 1n;

  it.each([
    [16, 2000],
    [32, 2000],
    [44, 200],
    [53, 30],
    [56, 15],
  ])('both tests agree on odd numbers of up to %i bits', (bits, count) => {
    const disagreed = Array.from({ length: count }, () =>
      randomOfBits(bits),
    ).filter((n) => isPrime(n) !== isPrimeByTrialDivision(n));
    expect(disagreed).toEqual([]);
  });

  it.each([20, 26, 27, 28])(
    'both tests find products of two odd numbers of up to %i bits composite',
    (bits) => {
      const products = Array.from(
        { length: 20 },
        () => (randomOfBits(bits) + 2n) * (randomOfBits(bits) + 2n),
      );
      const thoughtPrime = products.filter(
        (n) => isPrime(n) || isPrimeByTrialDivision(n),
      );
      expect(thoughtPrime).toEqual([]);
    },
  );
});
