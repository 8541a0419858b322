import { assertExactInteger } from './exact-integer.ts';
import { isStrongLucasProbablePrime } from './strong-lucas-probable-prime.ts';
import { isStrongProbablePrime } from './strong-probable-prime.ts';

/**
 * The smallest composite that passes Miller-Rabin to the first twelve prime bases, about
 * 2^78: J. Sorenson and J. Webster, "Strong pseudoprimes to twelve prime bases",
 * Math. Comp. 86 (2017). Below it these bases prove the answer.
 */
const FIRST_UNPROVEN = 318_665_857_834_031_151_167_461n;
const PRIME_BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/**
 * Whether `n` is prime. Proven for every n < 318 665 857 834 031 151 167 461, about
 * 3.2 * 10^23, by Miller-Rabin. From there on `true` is the answer of the Baillie-PSW
 * test, for which no counterexample is known and none is proven not to exist; `false` is
 * always proven.
 *
 * @throws {UnsafeIntegerError} for a `number` that is not a safe integer.
 */
export function isPrime(n: number | bigint): boolean {
  assertExactInteger(n);
  const candidate = BigInt(n);
  if (candidate < 2n) return false;
  for (const p of PRIME_BASES) if (candidate % p === 0n) return candidate === p;
  return candidate < FIRST_UNPROVEN
    ? PRIME_BASES.every((base) => isStrongProbablePrime(candidate, base))
    : isStrongProbablePrime(candidate, 2n) &&
        isStrongLucasProbablePrime(candidate);
}
