/*
 * isPrime beside PARI/GP and GNU factor, as far as they are installed.
 * PRIMES_COUNT is the number of integers, by default some ten thousand.
 */
import { isPrime, nextPrime } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { randomIntegers, seed } from './random-integers.ts';
import { answersOf, isInstalled, programs } from './reference.ts';

const count = Number(process.env['PRIMES_COUNT'] ?? 20_000);

/** Those that are put to a program at a time. */
const BATCH = 20_000;

/** Only a hang takes so long; a million for `factor` are some minutes. */
const HANG = 3_600_000;

/** Of all sizes; half of them primes, or products of two primes. */
function integersOf(random: (bits: number) => bigint): bigint[] {
  const bits = Number(random(6)) + 1;
  const halfBits = Math.max(bits >> 1, 2);
  return [
    random(64),
    random(bits),
    nextPrime(random(bits)),
    nextPrime(random(halfBits)) * nextPrime(random(halfBits)),
  ];
}

describe(`seed ${String(seed)}`, () => {
  it.for(programs)(
    'isPrime agrees with $name on random integers',
    { timeout: HANG },
    async (program, { skip }) => {
      skip(!isInstalled(program), `${program.name} is not installed`);
      const random = randomIntegers();
      for (let left = count; left > 0; left -= BATCH) {
        const integers = Array.from({ length: Math.min(BATCH, left) / 4 }, () =>
          integersOf(random),
        ).flat();
        const answers = await answersOf(program, integers);
        expect(answers.length).toBe(integers.length);
        const wrong = integers.filter((n, i) => isPrime(n) !== answers[i]);
        expect(wrong).toEqual([]);
        const wrongAsNumbers = integers.filter(
          (n, i) => n < 2n ** 53n && isPrime(Number(n)) !== answers[i],
        );
        expect(wrongAsNumbers).toEqual([]);
      }
    },
  );
});
