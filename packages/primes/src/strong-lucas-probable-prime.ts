/**
 * The extra strong Lucas test of an odd `n` > 2: every prime passes, and some composites
 * do, of which none is known to pass Miller-Rabin to base 2. With the sequences U and V for
 * Q = 1, the smallest P >= 3 whose P^2 - 4 has the Jacobi symbol -1, and n + 1 = d * 2^s,
 * `n` passes if U_d = 0 and V_d = 2 or -2, or if some V_(d * 2^r) = 0 modulo `n`, r < s.
 *
 * Z. Mo and J. P. Jones (1993), in J. Grantham, "Frobenius pseudoprimes", Math. Comp. 70
 * (2001); P as in R. Baillie, OEIS A217719. Beside the strong test of R. Baillie and
 * S. S. Wagstaff, "Lucas pseudoprimes", Math. Comp. 35 (1980), fewer composites pass, and
 * two products for each bit are enough instead of five.
 */
export function isStrongLucasProbablePrime(n: bigint): boolean {
  // No P has the symbol -1 for a square: the search would not end.
  if (isSquare(n)) return false;
  let p = 3n;
  for (;;) {
    const discriminant = p * p - 4n;
    const symbol = jacobiSymbol(discriminant, n);
    if (symbol === -1) return passesStrongLucas(n, p);
    // A symbol of 0 shows a common divisor, which may be `n` itself.
    if (symbol === 0 && discriminant % n !== 0n) return false;
    p++;
  }
}

function passesStrongLucas(n: bigint, p: bigint): boolean {
  let d = n + 1n;
  let doublings = 0;
  while (d % 2n === 0n) {
    d /= 2n;
    doublings++;
  }
  const modulo = (x: bigint) => ((x % n) + n) % n;
  // V_0 and V_1; then V_k and V_(k+1): each bit of d doubles k and may add one.
  let v = 2n;
  let next = modulo(p);
  for (const bit of d.toString(2)) {
    const between = modulo(v * next - p);
    if (bit === '1') [v, next] = [between, modulo(next * next - 2n)];
    else [v, next] = [modulo(v * v - 2n), between];
  }
  // U_d * (P^2 - 4) = 2 * V_(d+1) - P * V_d: it is 0 if V_(d+1) = P * V_d / 2.
  if (v === 2n && next === modulo(p)) return true;
  if (v === n - 2n && next === modulo(-p)) return true;
  for (let r = 0; r < doublings; r++) {
    if (v === 0n) return true;
    v = modulo(v * v - 2n);
  }
  return false;
}

/** Newton's iteration from above: it falls until it reaches the integer square root. */
function isSquare(n: bigint): boolean {
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) / 2n;
    if (next >= root) return root * root === n;
    root = next;
  }
}

/** The Jacobi symbol (a/n), -1, 0 or 1, for a > 0 and odd n, by quadratic reciprocity. */
function jacobiSymbol(a: bigint, n: bigint): number {
  let symbol = 1;
  let numerator = a % n;
  let denominator = n;
  while (numerator !== 0n) {
    while (numerator % 2n === 0n) {
      numerator /= 2n;
      if (denominator % 8n === 3n || denominator % 8n === 5n) symbol = -symbol;
    }
    if (numerator % 4n === 3n && denominator % 4n === 3n) symbol = -symbol;
    [numerator, denominator] = [denominator % numerator, numerator];
  }
  return denominator === 1n ? symbol : 0;
}
