import { assertExactInteger } from './exact-integer.ts';

/**
 * Tests `n` by dividing it by 2 and by every odd number up to its square root. It is a
 * CPU load of a known size: about 0.1 s for a prime near 2^53 and some seconds for one
 * near 2^64. From 2^64 on it divides bigints, and a prime takes minutes or far more.
 *
 * @throws {UnsafeIntegerError} for a `number` that is not a safe integer.
 */
export function isPrimeByTrialDivision(n: number | bigint): boolean {
  assertExactInteger(n);
  if (n < 2) return false;
  if (n < 2n ** 53n) return isPrimeBelow53Bits(Number(n));
  const wide = BigInt(n);
  if (wide % 2n === 0n) return false;
  return wide < 2n ** 64n
    ? hasNoOddDivisorBelow64Bits(wide)
    : hasNoOddDivisor(wide);
}

/**
 * `%` on doubles is about seven times slower than a division and a multiplication. They
 * are as exact: if `i` divides `n`, the quotient is an integer below 2^53 and the double
 * is that integer. Otherwise `q * i` differs from `n` for every integer `q`.
 */
function isPrimeBelow53Bits(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  const largestDivisor = Math.sqrt(n);
  for (let i = 3; i <= largestDivisor; i += 2) {
    const q = Math.floor(n / i);
    if (q * i === n) return false;
  }
  return true;
}

// From this divisor on, the quotient of a number below 2^64 is below 2^50.
const FIRST_DIVISOR_IN_DOUBLES = 2 ** 14;

/**
 * Divides an odd `n`, 2^53 < n < 2^64, in doubles, which do not hold it exactly. It is
 * exact all the same. The conversion of `n` and the division have a relative error of at
 * most 2^-53 each: together less than 2^-52 * 2^50 = 1/4 for a quotient below 2^50. So,
 * rounded to the integer `q`,
 * - the quotient is right if `i` divides `n`: no divisor is missed;
 * - otherwise |n / i - q| < 1, so 0 < |n - q * i| < i < 2^32, and the low 32 bits of `n`
 *   and of `q * i` differ: no other number passes for a divisor.
 */
function hasNoOddDivisorBelow64Bits(n: bigint): boolean {
  if (!hasNoOddDivisor(n, BigInt(FIRST_DIVISOR_IN_DOUBLES))) return false;
  const approximation = Number(n);
  const lowWord = Number(BigInt.asIntN(32, n));
  // The root may be rounded down below an exact one. A divisor too many does no harm.
  const largestDivisor = Math.ceil(Math.sqrt(approximation));
  for (let i = FIRST_DIVISOR_IN_DOUBLES + 1; i <= largestDivisor; i += 2) {
    // imul truncates its operands to integers, modulo 2^32: adding 0.5 rounds.
    if (Math.imul(approximation / i + 0.5, i) === lowWord) return false;
  }
  return true;
}

function hasNoOddDivisor(n: bigint, end = n): boolean {
  for (let i = 3n; i < end && i * i <= n; i += 2n)
    if (n % i === 0n) return false;
  return true;
}
