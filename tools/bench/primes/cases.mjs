/* What is measured. */

/**
 * @typedef {object} Measurement
 * @property {string} name
 * @property {string} backend what ours runs on
 * @property {string} ours which of the columns is ours
 * @property {Kind} [kind] what is asked of programs; none: `proc-pool` is run as a whole
 * @property {import('./integers.mjs').IntegersName} [integers] what it is asked of
 * @property {readonly string[]} [poolOptions] of proc-pool
 * @property {readonly import('../results.mjs').Case[]} cases
 */

/**
 * What a program can be asked of an integer.
 *
 * @typedef {'trial-division' | 'is-prime' | 'next-prime' | 'primes-below'} Kind
 */

export const OURS = 'primes';

/** The first 20 primes above 2^58, as distances from it. */
const PRIMES_ABOVE_2_58 = [
  69, 105, 175, 189, 213, 225, 399, 447, 483, 505, 529, 553, 577, 603, 669, 685,
  709, 715, 759, 807,
].map((distance) => 2n ** 58n + BigInt(distance));

/**
 * @param {Kind} kind
 * @param {import('./integers.mjs').IntegersName} integers
 * @param {string} name
 * @param {'µs' | 'ms'} unit
 * @param {string} about
 * @returns {Measurement}
 */
const question = (kind, integers, name, unit, about) => ({
  name,
  kind,
  integers,
  backend: 'main thread',
  ours: OURS,
  cases: [{ name, about, value: unit, unit, better: 'lower' }],
});

/**
 * The book's 20 numbers take a third of a second, of which the start of the workers is a
 * good part, the same for one worker as for two. So there is a longer load, too.
 */
const LONG_LOAD = {
  name: 'long',
  about: '20 primes above 2^58',
  options: ['--numbers', PRIMES_ABOVE_2_58.join(',')],
};
const BOOK_LOAD = { name: 'book', about: "the book's 20 numbers", options: [] };

/**
 * @param {'process' | 'thread'} backend
 * @param {typeof BOOK_LOAD} load
 * @returns {Measurement}
 */
const pool = (backend, load) => {
  const name = `proc-pool-${load.name}-${backend}`;
  return {
    name,
    poolOptions: ['--executor', backend, ...load.options],
    backend,
    ours: '2 workers',
    cases: [
      {
        name,
        about: `the total time of proc-pool with two workers, ${load.about}; the ratio to one worker is the speed-up`,
        value: 's',
        unit: 's',
        better: 'lower',
      },
    ],
  };
};

/** @type {readonly Measurement[]} */
export const measurements = [
  question(
    'trial-division',
    'below53',
    'trial-division',
    'ms',
    'the prime 7777777777777753 by trial division',
  ),
  question(
    'trial-division',
    'above53',
    'trial-division-above-2^53',
    'ms',
    'the prime 9999999999999917, a bigint, by trial division',
  ),
  question(
    'is-prime',
    'primes',
    'is-prime-of-primes',
    'µs',
    'a test of a random 64-bit prime, a bigint',
  ),
  question(
    'is-prime',
    'random',
    'is-prime',
    'µs',
    'a test of a random 64-bit integer, a bigint',
  ),
  question(
    'next-prime',
    'random',
    'next-prime',
    'µs',
    'the next prime after a random 64-bit integer, a bigint',
  ),
  question(
    'primes-below',
    'limit',
    'primes-below',
    'ms',
    'a loop over the primes below 10^8',
  ),
  ...[BOOK_LOAD, LONG_LOAD].flatMap((load) => [
    pool('process', load),
    pool('thread', load),
  ]),
];

export const measurementNames = measurements.map(({ name }) => name);
