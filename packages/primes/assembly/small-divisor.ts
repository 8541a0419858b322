import { inverseOf } from './montgomery';

/** An integer below this one is prime if no small prime divides it. */
export const SMALL_DIVISORS_DECIDE: u64 = 157 * 157;

/**
 * Whether one of the primes from 3 to 151 divides the odd `n` and is not `n` itself. To
 * spare a Miller-Rabin test pays for about so many. Each is a multiplication: all that
 * depends only on the prime is computed when this is compiled.
 */
export function hasSmallDivisor(n: u64): bool {
  return (
    isMultiple(n, 3) ||
    isMultiple(n, 5) ||
    isMultiple(n, 7) ||
    isMultiple(n, 11) ||
    isMultiple(n, 13) ||
    isMultiple(n, 17) ||
    isMultiple(n, 19) ||
    isMultiple(n, 23) ||
    isMultiple(n, 29) ||
    isMultiple(n, 31) ||
    isMultiple(n, 37) ||
    isMultiple(n, 41) ||
    isMultiple(n, 43) ||
    isMultiple(n, 47) ||
    isMultiple(n, 53) ||
    isMultiple(n, 59) ||
    isMultiple(n, 61) ||
    isMultiple(n, 67) ||
    isMultiple(n, 71) ||
    isMultiple(n, 73) ||
    isMultiple(n, 79) ||
    isMultiple(n, 83) ||
    isMultiple(n, 89) ||
    isMultiple(n, 97) ||
    isMultiple(n, 101) ||
    isMultiple(n, 103) ||
    isMultiple(n, 107) ||
    isMultiple(n, 109) ||
    isMultiple(n, 113) ||
    isMultiple(n, 127) ||
    isMultiple(n, 131) ||
    isMultiple(n, 137) ||
    isMultiple(n, 139) ||
    isMultiple(n, 149) ||
    isMultiple(n, 151)
  );
}

/**
 * Whether `n` is 2p, 3p, … The product with the inverse of p is the quotient if p divides
 * n, and otherwise larger than every quotient: T. Granlund and P. L. Montgomery, "Division
 * by invariant integers using multiplication", section 9 (1994). A quotient of 0 or 1
 * becomes a large one when 2 is subtracted.
 */
function isMultiple(n: u64, p: u64): bool {
  return n * inverseOf(p) - 2 <= u64.MAX_VALUE / p - 2;
}
