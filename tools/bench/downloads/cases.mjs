/* What is downloaded. A run gives the values of several cases: time, processor, memory. */
import { DELAY } from './servers/index.mjs';

/** @typedef {import('../results.mjs').Case} Case */

/**
 * @typedef {object} Measurement
 * @property {string} name
 * @property {string} how they are downloaded, for the title of the table
 * @property {import('./servers/index.mjs').ServerName} server
 * @property {number} files how many
 * @property {number} quickFiles how many with --quick
 * @property {readonly number[]} concurrency how many at a time; the best of them counts
 * @property {readonly string[]} programs those of ours that are compared with the others
 * @property {number} limit seconds that a run may take
 * @property {number} [maxRounds] it is so long that it is not repeated more often
 * @property {readonly Case[]} cases the first one is the time
 */

const CONCURRENT = ['flags-async', 'flags-threadpool'];

/** @param {string} name @param {string} what @returns {Case[]} */
const casesOf = (name, what) => [
  {
    name,
    about: `${what}: the time from the start of the program to its end`,
    value: 'seconds',
    unit: 's',
    better: 'lower',
  },
  {
    name: `${name}-cpu`,
    about: 'the time of the processor that the program took, user and system',
    value: 'cpuSeconds',
    unit: 's',
    better: 'lower',
  },
  {
    name: `${name}-memory`,
    about: 'the most memory that the program had (peak RSS)',
    value: 'peakMegabytes',
    unit: 'MB',
    better: 'lower',
  },
];

/** @type {readonly Measurement[]} */
export const measurements = [
  {
    name: 'files-4000',
    how: '8 or 32 at a time',
    server: 'fast',
    files: 4_000,
    quickFiles: 400,
    concurrency: [8, 32],
    programs: CONCURRENT,
    limit: 120,
    cases: casesOf('files-4000', '4,000 files, 8 or 32 at a time'),
  },
  {
    name: 'files-40000',
    how: '8 or 32 at a time',
    server: 'fast',
    files: 40_000,
    quickFiles: 2_000,
    concurrency: [8, 32],
    programs: CONCURRENT,
    limit: 600,
    maxRounds: 3,
    cases: casesOf('files-40000', '40,000 files, 8 or 32 at a time'),
  },
  {
    name: 'one-by-one-4000',
    how: 'one at a time',
    server: 'fast',
    files: 4_000,
    quickFiles: 400,
    concurrency: [1],
    programs: ['flags-seq'],
    limit: 120,
    cases: casesOf('one-by-one-4000', '4,000 files, one at a time'),
  },
  {
    name: 'delay-50ms',
    how: '32 at a time, each answer after 50 ms',
    server: 'delayed',
    files: 1_000,
    quickFiles: 320,
    concurrency: [32],
    programs: CONCURRENT,
    limit: 120,
    cases: [
      ...casesOf(
        'delay-50ms',
        '1,000 files, 32 at a time, from a server that waits 50 ms before each answer',
      ),
      {
        name: 'delay-50ms-ideal',
        about: 'the same time over the least possible: 32 rounds of 50 ms',
        value: 'timesIdeal',
        unit: '× ideal',
        better: 'lower',
      },
    ],
  },
];

/** @param {Measurement} measurement @param {boolean} quick */
export const countOf = ({ files, quickFiles }, quick) =>
  quick ? quickFiles : files;

/**
 * The least time that the downloads can take, in seconds; undefined if that is not known.
 *
 * @param {Measurement} measurement
 * @param {number} files
 * @param {number} concurrency
 */
export const idealSeconds = ({ server }, files, concurrency) =>
  server === 'delayed' ? Math.ceil(files / concurrency) * DELAY : undefined;

export const measurementNames = measurements.map(({ name }) => name);
