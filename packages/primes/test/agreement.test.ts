// PRIMES_SEED repeats a run.
import { randomInt } from 'node:crypto';
import { isPrime, isPrimeByTrialDivision } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';

const seed = Number(process.env['PRIMES_SEED'] ?? randomInt(2 ** 32));

/** The generator "mulberry32", as 32-bit words. */
function randomWords(start: number): () => bigint {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return BigInt.asUintN(32, BigInt(word ^ (word >>> 14)));
  };
}

describe(`seed ${String(seed)}`, () => {
  const word = randomWords(seed);
  const randomOfBits = (bits: number) =>
    BigInt.asUintN(bits, (word() << 32n) | word()) | 1n;

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
