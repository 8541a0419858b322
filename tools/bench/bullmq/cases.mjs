/*
 * What is measured. One measurement may give the values of several cases. A `backend` is how
 * many worker processes there are.
 */
import { BOUND, contenderNames, OURS } from './columns.mjs';

/** @typedef {import('../results.mjs').Case} Case */

/**
 * @typedef {object} Measurement
 * @property {string} name
 * @property {string} kind a function of measurements.mjs
 * @property {number} [workers] processes; one unless told otherwise
 * @property {readonly string[]} contenders
 * @property {object} full the parameters
 * @property {object} [quick] what is less with --quick
 * @property {number} [maxRounds] it is so long that it is not repeated more often
 * @property {readonly Case[]} cases
 */

const withResults = contenderNames.filter((name) => name !== BOUND);

const perSecond = /** @type {const} */ ({
  value: 'perSecond',
  unit: 'tasks/s',
  better: 'higher',
});
const cpu = /** @type {const} */ ({ unit: 'µs/task', better: 'lower' });

const MIB = 2 ** 20;

/** @type {readonly Measurement[]} */
export const measurements = [
  {
    name: 'throughput',
    kind: 'burst',
    contenders: contenderNames,
    full: { count: 20_000 },
    quick: { count: 5_000 },
    cases: [
      {
        name: 'throughput',
        about: '20,000 tasks submitted at once, all awaited',
        ...perSecond,
      },
    ],
  },
  {
    name: 'throughput-2-workers',
    kind: 'burst',
    workers: 2,
    contenders: withResults,
    full: { count: 20_000 },
    quick: { count: 5_000 },
    cases: [
      {
        name: 'throughput-2-workers',
        about: 'the same with two worker processes',
        ...perSecond,
      },
    ],
  },
  {
    name: 'in-flight-50',
    kind: 'in-flight',
    contenders: withResults,
    full: { count: 20_000, inFlight: 50 },
    quick: { count: 5_000 },
    cases: [
      {
        name: 'in-flight-50',
        about:
          '20,000 tasks, always 50 at a time: the next is submitted when one is done',
        ...perSecond,
      },
    ],
  },
  {
    name: 'round-trip',
    kind: 'round-trip',
    contenders: withResults,
    full: { count: 1_000 },
    quick: { count: 500 },
    cases: [
      {
        name: 'round-trip-p50',
        about: '1,000 tasks, each awaited alone: the median',
        value: 'p50',
        unit: 'ms',
        better: 'lower',
      },
      {
        name: 'round-trip-p99',
        about: 'the same, the 99th percentile',
        value: 'p99',
        unit: 'ms',
        better: 'lower',
      },
    ],
  },
  {
    name: 'backlog-1e5',
    kind: 'burst',
    contenders: [OURS, 'bullmq'],
    full: { count: 100_000 },
    quick: { count: 20_000 },
    maxRounds: 3,
    cases: [
      {
        name: 'backlog-1e5',
        about: '100,000 tasks submitted at once, until the last is done',
        value: 'seconds',
        unit: 's',
        better: 'lower',
      },
      {
        name: 'backlog-1e5-unsettled',
        about: 'how many of them were never done: 30 s after all others',
        value: 'unsettled',
        unit: 'tasks',
        better: 'lower',
      },
      {
        name: 'backlog-1e5-redis-memory',
        about: 'the most memory that Redis used (used_memory_peak)',
        value: 'redisMegabytes',
        unit: 'MB',
        better: 'lower',
      },
      {
        name: 'backlog-1e5-submitter-cpu',
        about: 'processor time of the submitter',
        value: 'submitter',
        ...cpu,
      },
      {
        name: 'backlog-1e5-worker-cpu',
        about: 'processor time of the worker, with its threads',
        value: 'workers',
        ...cpu,
      },
      {
        name: 'backlog-1e5-redis-cpu',
        about: 'processor time of Redis',
        value: 'redis',
        ...cpu,
      },
    ],
  },
  {
    name: 'text-64k',
    kind: 'payload',
    contenders: withResults,
    full: { shape: 'text', size: 65_536, count: 2_000, inFlight: 8 },
    quick: { count: 500 },
    cases: [
      {
        name: 'text-64k',
        about: 'a text of 64 KiB there and back, 8 at a time',
        ...perSecond,
      },
    ],
  },
  {
    name: 'bytes-1m',
    kind: 'payload',
    contenders: withResults,
    full: { shape: 'bytes', size: MIB, count: 300, inFlight: 8 },
    quick: { count: 100 },
    cases: [
      {
        name: 'bytes-1m',
        about:
          'bytes of 1 MiB there, 8 at a time; with BullMQ alone as base64 in JSON',
        ...perSecond,
      },
    ],
  },
  {
    name: 'chunked-map',
    kind: 'map',
    contenders: [OURS, 'bullmq'],
    full: { count: 100_000, chunkSize: 100, alone: 20_000 },
    quick: { count: 20_000, alone: 5_000 },
    cases: [
      {
        name: 'chunked-map',
        about:
          '100,000 short calls by map() in chunks of 100; BullMQ alone, which has no map: 20,000 one by one',
        ...perSecond,
        unit: 'calls/s',
      },
    ],
  },
];

export const measurementNames = measurements.map(({ name }) => name);
