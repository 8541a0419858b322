/* The integers that all programs are asked about, in files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {'below53' | 'above53' | 'primes' | 'random' | 'limit'} IntegersName */

const COUNT = 200_000;
const QUICK_COUNT = 20_000;

/**
 * The file of each list, with an integer a line.
 *
 * @param {string} folder
 * @param {boolean} quick
 * @returns {Promise<Record<IntegersName, string>>}
 */
export async function writeIntegers(folder, quick) {
  // Not at the top: other suites run without this package being built.
  const { nextPrime } = await import('../../../packages/primes/dist/index.js');
  const random = randomWords(quick ? QUICK_COUNT : COUNT);
  const write = (
    /** @type {IntegersName} */ name,
    /** @type {readonly bigint[]} */ integers,
  ) => {
    const path = join(folder, name);
    writeFileSync(path, `${integers.join('\n')}\n`);
    return path;
  };
  return {
    below53: write('below53', [7_777_777_777_777_753n]),
    above53: write('above53', [9_999_999_999_999_917n]),
    primes: write(
      'primes',
      random.map((n) => nextPrime(n)),
    ),
    random: write('random', random),
    limit: write('limit', [100_000_000n]),
  };
}

/**
 * The same in each run.
 *
 * @param {number} count
 */
function randomWords(count) {
  // xorshift64: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003).
  let word = 88_172_645_463_325_252n;
  return Array.from({ length: count }, () => {
    word = BigInt.asUintN(64, word ^ (word << 13n));
    word ^= word >> 7n;
    word = BigInt.asUintN(64, word ^ (word << 17n));
    return word;
  });
}
