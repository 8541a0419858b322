import { randomInt } from 'node:crypto';

/** Of every random test; PRIMES_SEED repeats a run. */
export const seed = Number(process.env['PRIMES_SEED'] ?? randomInt(2 ** 32));

/** Random integers below 2^bits, by the generator "mulberry32". */
export function randomIntegers(): (bits: number) => bigint {
  let state = seed;
  const word = () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return BigInt.asUintN(32, BigInt(word ^ (word >>> 14)));
  };
  return (bits) => BigInt.asUintN(bits, (word() << 32n) | word());
}
