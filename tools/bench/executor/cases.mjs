/*
 * What is measured. A program makes one measurement, which may give the values of several
 * cases: the median and the 99th percentile of a round trip come from the same samples.
 */
import {
  inFlight,
  milliseconds,
  ofIdeal,
  payload,
  perSecond,
  queued,
  work,
  WORK_WARM_UP,
} from './case-families.mjs';

/** @typedef {import('../results.mjs').Case} Case */

/**
 * @typedef {object} Measurement
 * @property {string} kind a function of measurements/index.mjs, and of measure.py
 * @property {object} full the parameters
 * @property {object} [quick] what is less with --quick
 * @property {boolean} [calibrated] it needs to know how long an iteration of work takes
 * @property {import('../adapters/adapter.mjs').Backend} [only]
 * @property {number} [limit] seconds that it may take
 * @property {number} [heap] megabytes of heap that it may take; by default what Node.js allows
 * @property {number} [atLeast] milliseconds that it warms up, and measures, at least, if not as
 *   long as the others; not with --quick
 * @property {number} [times] how often it is made in a round, if that is not once
 * @property {number} [maxRounds] it is so long that it is not repeated more often
 * @property {boolean} [notQuick] it is too long for --quick, unless it is asked for by name
 * @property {readonly Case[]} cases
 */

/** What a million waiting tasks may take; some libraries need minutes. In seconds. */
const LIMIT_OF_MILLION = 600;

/**
 * Its heap, so that libraries fail where they fail, and not by default. Not for other cases:
 * with an option of V8, Node.js compiles its own modules anew in each program, process and
 * thread, which takes as long as all that a pool does to start.
 */
const HEAP_OF_MILLION = 6_000;

const MIB = 2 ** 20;

/** @type {readonly Measurement[]} */
export const measurements = [
  {
    kind: 'burst',
    full: { count: 50_000, repeats: 5 },
    quick: { count: 10_000, repeats: 1 },
    cases: [
      {
        name: 'burst',
        about: '50,000 no-op tasks submitted at once, all awaited',
        ...perSecond,
      },
    ],
  },
  inFlight(1, 50_000),
  inFlight(8, 200_000),
  inFlight(64, 200_000),
  {
    kind: 'round-trip',
    full: { samples: 10_000 },
    quick: { samples: 2_000 },
    cases: [
      {
        name: 'round-trip-p50',
        about: 'one no-op task awaited alone, the median',
        value: 'p50',
        unit: 'µs',
        better: 'lower',
      },
      {
        name: 'round-trip-p99',
        about: 'the same, the 99th percentile',
        value: 'p99',
        unit: 'µs',
        better: 'lower',
      },
    ],
  },
  {
    kind: 'chunked-map',
    full: { count: 200_000, chunkSize: 256 },
    quick: { count: 50_000 },
    cases: [
      {
        name: 'chunked-map',
        about:
          'a no-op function for 200,000 numbers, in chunks of 256; poolifier: its map without chunks; where there is no map: tasks, 1,024 in flight',
        ...perSecond,
        unit: 'items/s',
      },
    ],
  },
  payload('object-1k', 'a plain object of 1 KB there and back, 64 at a time', {
    shape: 'object',
    size: 1_024,
    count: 10_000,
    inFlight: 64,
  }),
  payload('object-64k', 'a plain object of 64 KB there and back, 8 at a time', {
    shape: 'object',
    size: 65_536,
    count: 500,
    inFlight: 8,
  }),
  payload('text-64k', 'a text of 64 KB there and back, 8 at a time', {
    shape: 'text',
    size: 65_536,
    count: 2_000,
    inFlight: 8,
  }),
  payload('buffer-1m-copy', 'bytes of 1 MiB copied to a worker, 8 at a time', {
    shape: 'copy',
    size: MIB,
    count: 500,
    inFlight: 8,
  }),
  {
    ...payload(
      'buffer-1m-transfer',
      'new bytes of 1 MiB moved to a thread, 8 at a time',
      { shape: 'transfer', size: MIB, count: 2_000, inFlight: 8 },
    ),
    only: 'thread',
  },
  work('10us', 10, 50_000),
  work('100us', 100, 5_000),
  work('1ms', 1_000, 1_000),
  work('10ms', 10_000, 100),
  {
    kind: 'efficiency',
    calibrated: true,
    full: {
      loads: [
        { times: 40, microseconds: 20_000 },
        { times: 760, microseconds: 50 },
      ],
      repeats: 3,
    },
    quick: {
      loads: [
        { times: 8, microseconds: 20_000 },
        { times: 152, microseconds: 50 },
      ],
    },
    atLeast: WORK_WARM_UP,
    cases: [
      {
        name: 'mixed',
        about:
          '800 tasks of 50 µs of computation, but one in 20 takes 20 ms, submitted at once',
        ...ofIdeal,
      },
    ],
  },
  {
    kind: 'behind-long',
    calibrated: true,
    full: { long: 200_000, short: 100, count: 200, repeats: 5 }, // times in µs
    quick: { repeats: 3 },
    cases: [
      {
        name: 'behind-long',
        about:
          'a task of 200 ms and at once 200 of 0.1 ms: the time until the short ones are done, at best 20 ms',
        ...milliseconds,
      },
    ],
  },
  {
    kind: 'start',
    full: {},
    times: 5, // one start of a program says little
    cases: [
      {
        name: 'start',
        about:
          'from the construction of a pool to its first result, with the library imported',
        ...milliseconds,
      },
    ],
  },
  {
    kind: 'worker-memory',
    full: {},
    cases: [
      {
        name: 'worker-memory',
        about:
          'memory of one of four workers: growth of the program (RSS) for threads, proportional set size of the children (PSS) for processes',
        value: 'megabytes',
        unit: 'MB',
        better: 'lower',
      },
    ],
  },
  queued('1e3', 1_000, 51),
  queued('1e4', 10_000, 7),
  queued('1e5', 100_000, 1),
  {
    ...queued('1e6', 1_000_000, 1),
    limit: LIMIT_OF_MILLION,
    heap: HEAP_OF_MILLION,
    maxRounds: 3,
    notQuick: true,
    cases: [
      ...queued('1e6', 1_000_000, 1).cases,
      {
        name: 'queued-1e6-memory',
        about:
          'the most memory that this program had (peak RSS), its workers included if they are threads',
        value: 'peakMegabytes',
        unit: 'MB',
        better: 'lower',
      },
    ],
  },
  {
    kind: 'idle-cpu',
    full: { seconds: 5 },
    quick: { seconds: 1 },
    cases: [
      {
        name: 'idle-cpu',
        about:
          'processor time that a pool takes a second when it has nothing to do',
        value: 'perSecond',
        unit: 'ms/s',
        better: 'lower',
      },
    ],
  },
];

export const caseNames = measurements.flatMap(({ cases }) =>
  cases.map(({ name }) => name),
);
