// From this divisor on, the quotient of a number below 2^64 is below 2^50.
const FIRST_IN_DOUBLES: u64 = 16_385;

/** Divides `n` > 1 by 2 and by the odd numbers up to its square root. */
export function isPrimeByTrialDivision(n: u64): bool {
  if ((n & 1) == 0) return n == 2;
  for (let i: u64 = 3; i < FIRST_IN_DOUBLES; i += 2) {
    if (i * i > n) return true;
    if (n % i == 0) return false;
  }
  return hasNoOddDivisorInDoubles(n);
}

/**
 * Divides in doubles, which do not hold `n` exactly. It is exact all the same. The
 * conversion of `n` and the division have a relative error of at most 2^-53 each: together
 * less than 2^-52 * 2^50 = 1/4 for a quotient below 2^50. So, rounded to the integer `q`,
 * - the quotient is right if `i` divides `n`: no divisor is missed;
 * - otherwise |n / i - q| <= 3/4, so 0 < |n - q * i| < i <= 2^32 + 7, which makes it less
 *   than 2^32, and the low 32 bits of `n` and of `q * i` differ: no other number passes for
 *   a divisor.
 *
 * Four divisors at a time, in two vectors of two: the divisions of one run while those of
 * the other are waited for. That takes half the time of single doubles, and a third of that
 * of divisions of integers.
 */
function hasNoOddDivisorInDoubles(n: u64): bool {
  const approximation = f64x2.splat(f64(n));
  // The root may be rounded down below an exact one. Divisors too many do no harm.
  const largestDivisor = i64(ceil(sqrt(f64(n))));
  // A double from 2^52 to 2^53 has an integer in its low bits: to add 2^52 rounds.
  const rounding = f64x2.splat(4_503_599_627_370_496);
  // Only the low half of each 64-bit lane is looked at: in the high one -1 is never met.
  const lowWord = i32x4(i32(n), -1, i32(n), -1);
  const first = f64(FIRST_IN_DOUBLES);
  let i = f64x2(first, first + 2);
  let j = f64x2(first + 4, first + 6);
  let iWord = i32x4(i32(FIRST_IN_DOUBLES), 0, i32(FIRST_IN_DOUBLES) + 2, 0);
  let jWord = i32x4.add(iWord, i32x4(4, 0, 4, 0));
  for (let k = i64(FIRST_IN_DOUBLES); k <= largestDivisor; k += 8) {
    const iQuotient = f64x2.add(f64x2.div(approximation, i), rounding);
    const jQuotient = f64x2.add(f64x2.div(approximation, j), rounding);
    const iFound = i32x4.eq(i32x4.mul(iQuotient, iWord), lowWord);
    const jFound = i32x4.eq(i32x4.mul(jQuotient, jWord), lowWord);
    if (v128.any_true(v128.or(iFound, jFound))) return false;
    i = f64x2.add(i, f64x2.splat(8));
    j = f64x2.add(j, f64x2.splat(8));
    iWord = i32x4.add(iWord, i32x4(8, 0, 8, 0));
    jWord = i32x4.add(jWord, i32x4(8, 0, 8, 0));
  }
  return true;
}
