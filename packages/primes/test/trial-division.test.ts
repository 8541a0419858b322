import { isPrime, isPrimeByTrialDivision } from '@concurrent-executors/primes';
import { expect, it } from 'vitest';

function primeAtOrBelow(start: bigint): bigint {
  let n = start;
  while (!isPrime(n)) n--;
  return n;
}

// Below 2^14 the divisors are bigints, above it doubles. A number near 2^64 whose smallest
// divisor is just above that bound has the largest quotients that doubles must hold.
it('finds the smallest divisor p of a number near 2^64, for every p up to 17 000', () => {
  for (let p = 3n; p < 17_000n; p += 2n) {
    if (!isPrime(p)) continue;
    const q = primeAtOrBelow((2n ** 64n - 1n) / p);
    expect(isPrimeByTrialDivision(p * q), String(p)).toBe(false);
  }
});

it('agrees with isPrime for every number just above 2^53', () => {
  const wrong = [];
  for (let n = 2n ** 53n; n < 2n ** 53n + 100n; n++)
    if (isPrimeByTrialDivision(n) !== isPrime(n)) wrong.push(n);
  expect(wrong).toEqual([]);
});

it('divides bigints above 2^64', () => {
  expect(isPrimeByTrialDivision(10_007n * (2n ** 89n - 1n))).toBe(false);
});
