import { assertExactInteger } from './exact-integer.ts';
import { WORD_END, wordArithmetic } from './word-arithmetic.ts';

/**
 * Tests `n` by dividing it by 2 and by every odd number up to its square root. It is a
 * CPU load of a known size: some 0.04 s for a prime near 2^53 and some seconds for one near
 * 2^64. From 2^64 on it divides bigints, and a prime takes minutes or far more.
 *
 * @throws {UnsafeIntegerError} for a `number` that is not a safe integer.
 */
export function isPrimeByTrialDivision(n: number | bigint): boolean {
  assertExactInteger(n);
  if (n < 2) return false;
  const words = wordArithmetic();
  if (words !== undefined && n < WORD_END)
    return words.isPrimeByTrialDivision(BigInt(n)) === 1;
  return n <= Number.MAX_SAFE_INTEGER
    ? hasNoDivisorInDoubles(Number(n))
    : hasNoDivisorInBigints(BigInt(n));
}

/**
 * `%` on doubles is about seven times slower than a division and a multiplication. They
 * are as exact: if `i` divides `n`, the quotient is an integer below 2^53 and the double
 * is that integer. Otherwise `q * i` differs from `n` for every integer `q`.
 */
function hasNoDivisorInDoubles(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  const largestDivisor = Math.sqrt(n);
  for (let i = 3; i <= largestDivisor; i += 2) {
    const q = Math.floor(n / i);
    if (q * i === n) return false;
  }
  return true;
}

function hasNoDivisorInBigints(n: bigint): boolean {
  if (n % 2n === 0n) return false;
  for (let i = 3n; i * i <= n; i += 2n) if (n % i === 0n) return false;
  return true;
}
