import { assertExactInteger } from './exact-integer.ts';
import { isBigPrime } from './is-big-prime.ts';
import { WORD_END, wordArithmetic } from './word-arithmetic.ts';

/**
 * Whether `n` is prime. Proven for every n < 318 665 857 834 031 151 167 461, about
 * 3.2 * 10^23. From there on `true` is the answer of the Baillie-PSW test, for which no
 * counterexample is known and none is proven not to exist; `false` is always proven.
 *
 * Below 2^64 the test is Baillie-PSW in WebAssembly, which is proven there, in about a
 * microsecond (`assembly/index.ts`).
 *
 * @throws {UnsafeIntegerError} for a `number` that is not a safe integer.
 */
export function isPrime(n: number | bigint): boolean {
  assertExactInteger(n);
  const words = wordArithmetic();
  // A comparison of a bigint with a number would take longer than most of these tests.
  if (typeof n === 'bigint') {
    if (n < 2n) return false;
    if (words === undefined || n >= WORD_END) return isBigPrime(n);
    return words.isPrime(n) === 1;
  }
  if (n < 2) return false;
  return words === undefined
    ? isBigPrime(BigInt(n))
    : words.isPrimeDouble(n) === 1;
}
