import {
  addModulo,
  inverseOf,
  montgomeryOne,
  multiplyModulo,
} from './montgomery';
import { bitBelowHighest } from './bits';

/**
 * The Miller-Rabin test of an odd n > 2 to base 2: whether 2^d is 1, or one of
 * 2^d, 2^2d, … , 2^((n - 1) / 2) is -1 modulo n, where d is the odd part of n - 1.
 */
export function isStrongProbablePrime(n: u64): bool {
  const inverse = inverseOf(n);
  const one = montgomeryOne(n);
  const minusOne = n - one;
  const halvings = ctz(n - 1);
  const d = (n - 1) >> halvings;
  let power = addModulo(one, one, n);
  for (let bit = bitBelowHighest(d); bit != 0; bit >>= 1) {
    power = multiplyModulo(power, power, n, inverse);
    if ((d & bit) != 0) power = addModulo(power, power, n);
  }
  if (power == one) return true;
  for (let i: u64 = 0; i < halvings; i++) {
    if (power == minusOne) return true;
    power = multiplyModulo(power, power, n, inverse);
  }
  return false;
}
