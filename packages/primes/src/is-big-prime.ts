import { isStrongLucasProbablePrime } from './strong-lucas-probable-prime.ts';
import { isStrongProbablePrime } from './strong-probable-prime.ts';

/**
 * The smallest composite that passes Miller-Rabin to the first twelve prime bases, about
 * 2^78: J. Sorenson and J. Webster, "Strong pseudoprimes to twelve prime bases",
 * Math. Comp. 86 (2017). Below it these bases prove the answer.
 */
const FIRST_UNPROVEN = 318_665_857_834_031_151_167_461n;
const PRIME_BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/** Whether `n` > 1 is prime, by arithmetic of bigints: for what does not fit into a word. */
export function isBigPrime(n: bigint): boolean {
  for (const p of PRIME_BASES) if (n % p === 0n) return n === p;
  return n < FIRST_UNPROVEN
    ? PRIME_BASES.every((base) => isStrongProbablePrime(n, base))
    : isStrongProbablePrime(n, 2n) && isStrongLucasProbablePrime(n);
}
