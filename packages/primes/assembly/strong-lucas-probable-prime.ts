import { bitBelowHighest } from './bits';
import { jacobiSymbol } from './jacobi-symbol';
import {
  addModulo,
  inverseOf,
  montgomeryOne,
  multiplyModulo,
  subtractModulo,
} from './montgomery';

/**
 * The extra strong Lucas test of an odd `n`, for which see the one of bigints in
 * src/strong-lucas-probable-prime.ts. `n` has passed the test to base 2 and has no divisor
 * up to 151.
 */
export function isStrongLucasProbablePrime(n: u64): bool {
  // P would rise without end for a square. But of those below 2^64 only 1093^2 and 3511^2
  // pass the test to base 2 (the squares of the Wieferich primes), and there P - 2 or
  // P + 2 reaches the divisor, where the symbol is 0.
  let p: u32 = 3;
  for (;;) {
    const symbol = jacobiSymbol((p - 2) * (p + 2), n);
    if (symbol == 0) return false;
    if (symbol == -1) break;
    p++;
  }
  return passesStrongLucas(n, p);
}

function passesStrongLucas(n: u64, p: u32): bool {
  const inverse = inverseOf(n);
  const one = montgomeryOne(n);
  const two = addModulo(one, one, n);
  let v1: u64 = 0; // V_1 = P
  for (let i: u32 = 0; i < p; i++) v1 = addModulo(v1, one, n);

  const halvings = ctz(n + 1);
  const d = (n + 1) >> halvings;
  // V_k and V_(k+1); each bit of d doubles k and may add one.
  let v = v1;
  let next = subtractModulo(multiplyModulo(v1, v1, n, inverse), two, n);
  for (let bit = bitBelowHighest(d); bit != 0; bit >>= 1) {
    const between = subtractModulo(multiplyModulo(v, next, n, inverse), v1, n);
    const doubled = (d & bit) != 0 ? next : v;
    const square = subtractModulo(
      multiplyModulo(doubled, doubled, n, inverse),
      two,
      n,
    );
    v = (d & bit) != 0 ? between : square;
    next = (d & bit) != 0 ? square : between;
  }
  if (v == two && next == v1) return true;
  if (v == n - two && next == n - v1) return true;
  for (let i: u64 = 0; i < halvings; i++) {
    if (v == 0) return true;
    v = subtractModulo(multiplyModulo(v, v, n, inverse), two, n);
  }
  return false;
}
