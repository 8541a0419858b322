/** The Jacobi symbol (a/n), -1, 0 or 1, for a > 0 and odd n, by quadratic reciprocity. */
export function jacobiSymbol(a: u32, n: u64): i32 {
  const odd = a >> ctz(a);
  const sign = signOfTwos(a, u32(n)) ^ signOfReciprocity(odd, u32(n));
  return sign == 0 ? jacobi32(u32(n % odd), odd) : -jacobi32(u32(n % odd), odd);
}

/** The same for a < n, in 32 bits. */
function jacobi32(a: u32, n: u32): i32 {
  let sign: u32 = 0;
  let numerator = a;
  let denominator = n;
  while (numerator != 0) {
    sign ^= signOfTwos(numerator, denominator);
    numerator >>= ctz(numerator);
    sign ^= signOfReciprocity(numerator, denominator);
    const remainder = denominator % numerator;
    denominator = numerator;
    numerator = remainder;
  }
  if (denominator != 1) return 0;
  return sign == 0 ? 1 : -1;
}

/** 1 if the factors 2 of `a` turn the sign: (2/n) is -1 for n = 3 and 5 modulo 8. */
function signOfTwos(a: u32, n: u32): u32 {
  return ctz(a) & ((n >> 1) ^ (n >> 2)) & 1;
}

/** 1 if (a/n) and (n/a) differ: a and n are 3 modulo 4. */
function signOfReciprocity(a: u32, n: u32): u32 {
  return (a >> 1) & (n >> 1) & 1;
}
