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
 * `--executor thread` becomes one more of these.
 *
 * @param {string} backend
 * @param {readonly string[]} poolOptions
 * @returns {Measurement}
 */
const pool = (backend, poolOptions) => ({
  name: `proc-pool-${backend}`,
  poolOptions,
  backend,
  ours: '2 workers',
  cases: [
    {
      name: `proc-pool-${backend}`,
      about:
        'the total time of proc-pool with two workers; the ratio to one worker is the speed-up',
      value: 's',
      unit: 's',
      better: 'lower',
    },
  ],
});

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
  pool('process', []),
];

export const measurementNames = measurements.map(({ name }) => name);
