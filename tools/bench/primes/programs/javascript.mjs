/* Libraries for Node.js. */
import { fileURLToPath } from 'node:url';
import { readVersions } from '../../versions.mjs';

const script = fileURLToPath(new URL('measure.mjs', import.meta.url));

/**
 * @param {string} name
 * @param {string} usage
 * @param {readonly import('../cases.mjs').Kind[]} kinds
 * @returns {import('./program.mjs').Program}
 */
const library = (name, usage, kinds) => ({
  name,
  usage,
  kinds,
  find: () => ({
    version: readVersions()[name] ?? 'unknown',
    command: ({ kind, file, passes }) => [
      process.execPath,
      script,
      name,
      kind,
      file,
      String(passes),
    ],
  }),
});

export const javascriptPrograms = [
  library('primes', 'this package', [
    'trial-division',
    'is-prime',
    'next-prime',
    'primes-below',
  ]),
  library('big-integer', '`isPrime()` of integers made beforehand', [
    'is-prime',
  ]),
  library(
    'bigint-crypto-utils',
    '`isProbablyPrime` without its workers, which are for far larger integers',
    ['is-prime'],
  ),
];
