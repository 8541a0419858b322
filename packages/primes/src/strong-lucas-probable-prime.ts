/**
 * The strong Lucas test of an odd `n` > 2 with Selfridge's parameters, "method A" of
 * R. Baillie and S. S. Wagstaff, "Lucas pseudoprimes", Math. Comp. 35 (1980): every prime
 * passes, and some composites do, of which none is known to pass Miller-Rabin to base 2.
 */
export function isStrongLucasProbablePrime(n: bigint): boolean {
  // No discriminant with Jacobi symbol -1 exists for a square: the search would not end.
  if (isSquare(n)) return false;
  let discriminant = 5n;
  for (;;) {
    const symbol = jacobiSymbol(discriminant, n);
    if (symbol === -1) break;
    // A symbol of 0 shows a common divisor: `n` is composite unless it is that divisor.
    if (symbol === 0 && absolute(discriminant) !== n) return false;
    discriminant = discriminant > 0n ? -discriminant - 2n : -discriminant + 2n;
  }
  return passesStrongLucas(n, discriminant);
}

/** Whether U_k = 0 or some V_(k * 2^r) = 0 modulo `n`, where n + 1 = k * 2^s, r < s. */
function passesStrongLucas(n: bigint, discriminant: bigint): boolean {
  const q = (1n - discriminant) / 4n; // P is 1
  let index = n + 1n;
  let doublings = 0;
  while (index % 2n === 0n) {
    index /= 2n;
    doublings++;
  }
  const modulo = (x: bigint) => ((x % n) + n) % n;
  const half = (x: bigint) => modulo(x % 2n === 0n ? x / 2n : (x + n) / 2n);
  // U_0, V_0 and Q^0; each bit of the index doubles the subscript and may add one.
  let u = 0n;
  let v = 2n;
  let qPower = 1n;
  for (const bit of index.toString(2)) {
    u = modulo(u * v);
    v = modulo(v * v - 2n * qPower);
    qPower = modulo(qPower * qPower);
    if (bit === '1') {
      [u, v] = [half(u + v), half(discriminant * u + v)];
      qPower = modulo(qPower * q);
    }
  }
  if (u === 0n) return true;
  for (let r = 0; r < doublings; r++) {
    if (v === 0n) return true;
    v = modulo(v * v - 2n * qPower);
    qPower = modulo(qPower * qPower);
  }
  return false;
}

function absolute(x: bigint): bigint {
  return x < 0n ? -x : x;
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

/** The Jacobi symbol (a/n), -1, 0 or 1, for odd `n` > 0, by quadratic reciprocity. */
function jacobiSymbol(a: bigint, n: bigint): number {
  let symbol = 1;
  let numerator = ((a % n) + n) % n;
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
