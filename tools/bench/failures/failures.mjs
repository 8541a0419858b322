/*
 * The bad tasks, and what must come of them.
 */
import { deep, depthOf } from './tasks.mjs';

/**
 * @typedef {object} Outcome
 * @property {boolean} rejected
 * @property {unknown} value what the task returned or threw
 */

/**
 * @typedef {object} Failure
 * @property {string} name
 * @property {string} about one line for the document
 * @property {import('../adapters/adapter.mjs').Backend} [only]
 * @property {string} task name of the bad task, a function of tasks.mjs
 * @property {() => unknown} [argument]
 * @property {string} [module] file of the bad task, if it is not tasks.mjs
 * @property {boolean} [abort] the task is ended from outside once it runs
 * @property {number} [heap] limit of the heap in MiB, for the program and its workers
 * @property {(outcome: Outcome) => boolean} isRight
 */

/** @param {unknown} value @returns {value is Error} */
export const isTellingError = (value) =>
  value instanceof Error && value.message !== '';

/** @param {Outcome} outcome */
const rejectsWithError = ({ rejected, value }) =>
  rejected && isTellingError(value);

/** @param {unknown} thrown @returns {(outcome: Outcome) => boolean} */
const rejectsWith =
  (thrown) =>
  ({ rejected, value }) =>
    rejected && Object.is(value, thrown);

/**
 * V8 needs more stack to read nested objects than to write them. On a stack of the
 * default size (984 KiB) about 3,000 levels can be written and 1,900 be read, so this
 * many fail on their way. A thread has a larger stack and reads them.
 */
const DEPTH = 2_400;

/** @type {readonly Failure[]} */
export const failures = [
  {
    name: 'throw',
    about: 'the task throws a RangeError; class and message must arrive',
    task: 'throwError',
    argument: () => 'out of range',
    isRight: ({ rejected, value }) =>
      rejected &&
      value instanceof RangeError &&
      value.message === 'out of range',
  },
  {
    name: 'throw-null',
    about: 'the task throws null; exactly that must arrive',
    task: 'throwNull',
    isRight: rejectsWith(null),
  },
  {
    name: 'throw-undefined',
    about: 'the task throws undefined; exactly that must arrive',
    task: 'throwUndefined',
    isRight: rejectsWith(undefined),
  },
  {
    name: 'throw-0',
    about: 'the task throws 0; exactly that must arrive',
    task: 'throwZero',
    isRight: rejectsWith(0),
  },
  {
    name: 'exit-0',
    about: 'the task calls process.exit(0)',
    task: 'exit',
    argument: () => 0,
    isRight: rejectsWithError,
  },
  {
    name: 'exit-3',
    about: 'the task calls process.exit(3)',
    task: 'exit',
    argument: () => 3,
    isRight: rejectsWithError,
  },
  {
    name: 'sigkill',
    about: 'the worker process is killed by SIGKILL',
    only: 'process',
    task: 'kill',
    argument: () => 'SIGKILL',
    isRight: rejectsWithError,
  },
  {
    name: 'sigsegv',
    about: 'the worker process is killed by SIGSEGV',
    only: 'process',
    task: 'kill',
    argument: () => 'SIGSEGV',
    isRight: rejectsWithError,
  },
  {
    name: 'out-of-memory',
    about: 'the task fills a heap of 48 MiB (node --max-old-space-size=48)',
    task: 'fillMemory',
    heap: 48,
    isRight: rejectsWithError,
  },
  {
    name: 'endless-loop',
    about: 'the task blocks its worker and is aborted',
    task: 'loopForever',
    abort: true,
    isRight: rejectsWithError,
  },
  {
    name: 'unheard-rejection',
    about:
      'a promise in the worker is rejected and nobody handles it, while the task waits',
    task: 'rejectUnheard',
    isRight: rejectsWithError,
  },
  {
    name: 'argument-function',
    about: 'the argument is a function, which cannot be sent',
    task: 'echo',
    argument: () => () => 1,
    isRight: rejectsWithError,
  },
  {
    name: 'argument-getter',
    about: 'the argument has a getter that throws while it is encoded',
    task: 'echo',
    argument: () => ({
      get value() {
        throw new SyntaxError('from the getter');
      },
    }),
    isRight: rejectsWithError,
  },
  {
    name: 'argument-decode',
    about: 'the argument can be encoded, and the worker cannot decode it',
    only: 'process',
    task: 'depthOf',
    argument: () => deep(DEPTH),
    // Another encoding may carry it.
    isRight: (outcome) => rejectsWithError(outcome) || outcome.value === DEPTH,
  },
  {
    name: 'result-function',
    about: 'the result is a function, which cannot be sent',
    task: 'returnFunction',
    isRight: rejectsWithError,
  },
  {
    name: 'result-getter',
    about: 'the result has a getter that throws while it is encoded',
    task: 'returnBadGetter',
    isRight: rejectsWithError,
  },
  {
    name: 'result-decode',
    about: 'the result can be encoded, and the program cannot decode it',
    task: 'returnDeep',
    argument: () => DEPTH,
    isRight: (outcome) =>
      rejectsWithError(outcome) || depthOf(outcome.value) === DEPTH,
  },
  {
    name: 'import-fails',
    about: 'the module of the task throws when it is imported',
    module: 'broken-module.mjs',
    task: 'double',
    isRight: rejectsWithError,
  },
  {
    name: 'import-endless',
    about:
      'the module of the task never ends its top-level await, and the task is aborted',
    module: 'endless-module.mjs',
    task: 'double',
    abort: true,
    isRight: rejectsWithError,
  },
];

/** @type {readonly PoolState[]} */
export const poolStates = ['idle', 'full', 'shutdown'];

/** @typedef {'idle' | 'full' | 'shutdown'} PoolState */
