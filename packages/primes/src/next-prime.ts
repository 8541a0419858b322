import { assertExactInteger, UnsafeIntegerError } from './exact-integer.ts';
import { isBigPrime } from './is-big-prime.ts';
import { WORD_END, wordArithmetic } from './word-arithmetic.ts';

/**
 * The smallest prime above `n`, of the same type. As sure as `isPrime`.
 *
 * @throws {UnsafeIntegerError} for a `number` that is not a safe integer, or whose next
 *   prime is not one.
 */
export function nextPrime(n: number): number;
export function nextPrime(n: bigint): bigint;
export function nextPrime(n: number | bigint): number | bigint;
export function nextPrime(n: number | bigint): number | bigint {
  assertExactInteger(n);
  const prime = n < 2 ? 2n : nextPrimeAbove(BigInt(n));
  if (typeof n === 'bigint') return prime;
  if (prime > Number.MAX_SAFE_INTEGER)
    throw new UnsafeIntegerError(
      `The next prime after ${String(n)} is above 2^53 - 1: pass a bigint`,
    );
  return Number(prime);
}

function nextPrimeAbove(n: bigint): bigint {
  const words = n < WORD_END ? wordArithmetic() : undefined;
  const word = BigInt.asUintN(64, words?.nextPrime(n) ?? 0n);
  if (word !== 0n) return word;
  let candidate = (n + 1n) | 1n;
  while (!isBigPrime(candidate)) candidate += 2n;
  return candidate;
}
