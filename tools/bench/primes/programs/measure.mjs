// Measures a library: node measure.mjs LIBRARY KIND FILE PASSES
import { readFileSync } from 'node:fs';
import { median } from '../../statistics.mjs';

/** The answers to so many integers are summed up, to be compared. */
const CHECKED = 1_000;

/** @typedef {import('../cases.mjs').Kind} Kind */

/**
 * @typedef {object} Library
 * @property {(n: bigint) => unknown} [convert] to what it takes, beforehand
 * @property {Partial<Record<Kind, (n: any) => unknown>>} answers
 * @property {number} [count] it is so slow that it gets only so many integers
 */

/** @type {Record<string, () => Promise<Library>>} */
const libraries = {
  async primes() {
    const { isPrime, isPrimeByTrialDivision, nextPrime, primesBelow } =
      await import('../../../../packages/primes/dist/index.js');
    return {
      answers: {
        'trial-division': isPrimeByTrialDivision,
        'is-prime': isPrime,
        'next-prime': nextPrime,
        'primes-below'(/** @type {bigint} */ limit) {
          let count = 0;
          // eslint-disable-next-line no-unused-vars -- a loop as users write it
          for (const _ of primesBelow(limit)) count++;
          return count;
        },
      },
    };
  },
  async 'big-integer'() {
    const { default: bigInteger } = await import('big-integer');
    return {
      convert: (n) => bigInteger(String(n)),
      answers: { 'is-prime': (n) => n.isPrime() },
      count: CHECKED,
    };
  },
  async 'bigint-crypto-utils'() {
    const { isProbablyPrime } = await import('bigint-crypto-utils');
    const iterations = 16; // its default
    return {
      answers: { 'is-prime': (n) => isProbablyPrime(n, iterations, true) },
      count: CHECKED,
    };
  },
};

const [name = '', kind = '', file = '', passes = ''] = process.argv.slice(2);
const library = await libraries[name]?.();
const answer = library?.answers[/** @type {Kind} */ (kind)];
if (!library || !answer) throw new Error(`${name} has no ${kind}`);
const { convert = (n) => n, count = Infinity } = library;
const integers = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .slice(0, count)
  .map((line) => convert(BigInt(line)));

let check = 0n;
for (const n of integers.slice(0, CHECKED)) {
  check += BigInt(await answer(n));
}
const isAsync = answer(integers[0]) instanceof Promise;
await measurePass(); // so that it is compiled
const times = [];
for (let pass = 0; pass < Number(passes); pass++) {
  times.push(await measurePass());
}
const values = {
  ns: median(times),
  check: Number(BigInt.asUintN(32, check)),
};
console.log(JSON.stringify({ values }));

/**
 * Nanoseconds of the processor for an integer, those of the compiler and of the garbage
 * collector included.
 */
async function measurePass() {
  const start = process.cpuUsage();
  if (isAsync) await answerAsync();
  else answerAll();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1e3) / integers.length;
}

function answerAll() {
  let last;
  for (const n of integers) last = answer(n);
  return last;
}

async function answerAsync() {
  for (const n of integers) await answer(n);
}
