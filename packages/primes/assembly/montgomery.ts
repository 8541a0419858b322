/**
 * Arithmetic modulo an odd n < 2^64, on words x * 2^64 mod n that stand for x:
 * P. L. Montgomery, "Modular multiplication without trial division", Math. Comp. 44 (1985).
 * A product needs no division, which would have to be one of 128 bits by 64.
 */

/** The word that stands for 1. */
export function montgomeryOne(n: u64): u64 {
  return (0 - n) % n;
}

export function addModulo(a: u64, b: u64, n: u64): u64 {
  return a >= n - b ? a - (n - b) : a + b; // a + b may not fit into a word
}

export function subtractModulo(a: u64, b: u64, n: u64): u64 {
  return a >= b ? a - b : a - b + n;
}

/**
 * The word that stands for the product. `inverse` is `inverseOf(n)`.
 *
 * With m = a * b * inverse mod 2^64 the low words of a * b and m * n are equal, so that
 * (a * b - m * n) / 2^64 is the difference of the high words.
 */
export function multiplyModulo(a: u64, b: u64, n: u64, inverse: u64): u64 {
  return subtractModulo(highWord(a, b), highWord(a * b * inverse, n), n);
}

/** The inverse of an odd n modulo 2^64, by Newton's iteration. */
export function inverseOf(n: u64): u64 {
  let x = (3 * n) ^ 2; // right in 5 bits; each step doubles them
  x *= 2 - n * x;
  x *= 2 - n * x;
  x *= 2 - n * x;
  x *= 2 - n * x;
  return x;
}

/** The high 64 bits of a * b, which WebAssembly has no instruction for. */
function highWord(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const carry = (a0 * b1 + (middle & 0xffffffff)) >> 32;
  return a1 * b1 + (middle >> 32) + carry;
}
