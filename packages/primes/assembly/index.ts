// What src/word-arithmetic.ts calls: primality of integers that fit into a word of 64 bits.
import { hasSmallDivisor, SMALL_DIVISORS_DECIDE } from './small-divisor';
import { isStrongLucasProbablePrime } from './strong-lucas-probable-prime';
import { isStrongProbablePrime } from './strong-probable-prime';

export { isPrimeByTrialDivision } from './trial-division';

/**
 * Baillie-PSW, which is proven below 2^64: no number passes the extra strong Lucas test that
 * is in the list of all pseudoprimes to base 2 up to there, by J. Feitsma and W. Galway
 * (2013). Checked in D. Jacobsen, "Pseudoprime Statistics, Tables, and Data",
 * ntheory.org/pseudoprimes.html.
 */
export function isPrime(n: u64): bool {
  if ((n & 1) == 0) return n == 2;
  if (n == 1 || hasSmallDivisor(n)) return false;
  if (n < SMALL_DIVISORS_DECIDE) return true;
  return isStrongProbablePrime(n) && isStrongLucasProbablePrime(n);
}

/** The same for an integer from 0 to 2^53, without a bigint on the way. */
export function isPrimeDouble(n: f64): bool {
  return isPrime(u64(n));
}

/** The smallest prime above `n`, or 0 if it does not fit into a word. */
export function nextPrime(n: u64): u64 {
  if (n < 2) return 2;
  let candidate = (n + 1) | 1;
  while (candidate > n) {
    if (isPrime(candidate)) return candidate;
    candidate += 2;
  }
  return 0;
}
