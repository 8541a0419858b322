import { isPrime } from '@concurrent-executors/primes';
import { expect, it } from 'vitest';

// By PARI/GP 2.15.
it.each([
  [32n, [-99, -65, -17, -5, 15, 61, 75, 81, 91, 93]],
  [53n, [5, 41, 57, 75]],
  [63n, [-25, 29, 99]],
  [64n, [-95, -83, -59, 13, 37, 51, 81, 93]],
])('knows all primes within 100 of 2^%i', (exponent, distances) => {
  const found = [];
  for (let distance = -100; distance <= 100; distance++)
    if (isPrime(2n ** exponent + BigInt(distance))) found.push(distance);
  expect(found).toEqual(distances);
});
