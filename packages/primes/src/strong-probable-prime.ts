/**
 * The Miller-Rabin test of an odd `n` > 2 to one base that `n` does not divide: every
 * prime passes, and some composites do.
 */
export function isStrongProbablePrime(n: bigint, base: bigint): boolean {
  let exponent = n - 1n;
  let halvings = 0;
  while (exponent % 2n === 0n) {
    exponent /= 2n;
    halvings++;
  }
  let power = powerModulo(base, exponent, n);
  if (power === 1n) return true;
  for (let i = 0; i < halvings; i++) {
    if (power === n - 1n) return true;
    power = (power * power) % n;
  }
  return false;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}
