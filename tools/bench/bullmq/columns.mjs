/*
 * Who is compared. BullMQ alone runs tasks in the event loop of its worker, many at once, or
 * in threads; ours runs them in threads, and takes short ones ahead by itself.
 */

/** Threads of ours, and of BullMQ's own. */
const THREADS = 2;

/** Jobs at once where a job is no thread, as one chooses for short ones. */
const AT_ONCE = 50;

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {'executor' | 'loop' | 'threads'} kind what runs the tasks
 * @property {number} concurrency of a worker
 * @property {boolean} [isUnpipelined] without `enableAutoPipelining`
 * @property {boolean} [noResults] nobody is told of results
 * @property {string} usage for the document
 */

export const OURS = 'executor';

/** Does less than all others. */
export const BOUND = 'bullmq-no-results';

/** Those that the ratio does not count: one does less, one has other options than the rest. */
export const noPeers = ['bullmq-unpipelined', BOUND];

/** @type {readonly Contender[]} */
export const contenders = [
  {
    name: OURS,
    kind: 'executor',
    concurrency: THREADS,
    usage: `BullMQExecutor, and ExecutorWorker with ${String(THREADS)} threads`,
  },
  {
    name: 'bullmq',
    kind: 'loop',
    concurrency: AT_ONCE,
    usage: `a function as processor, concurrency ${String(AT_ONCE)}; waitUntilFinished()`,
  },
  {
    name: 'bullmq-2',
    kind: 'loop',
    concurrency: THREADS,
    usage: `the same with concurrency ${String(THREADS)}, as many as ours has threads`,
  },
  {
    name: 'bullmq-threads',
    kind: 'threads',
    concurrency: THREADS,
    usage: `a file as processor, useWorkerThreads, concurrency ${String(THREADS)}; waitUntilFinished()`,
  },
  {
    name: 'bullmq-unpipelined',
    kind: 'loop',
    concurrency: AT_ONCE,
    isUnpipelined: true,
    usage: 'as bullmq, without enableAutoPipelining',
  },
  {
    name: BOUND,
    kind: 'loop',
    concurrency: AT_ONCE,
    noResults: true,
    usage: `as bullmq, but the submitter gets no results: its worker counts`,
  },
];

export const contenderNames = contenders.map(({ name }) => name);

/** @param {{ readonly workers?: number }} measurement */
export const backendOf = ({ workers = 1 }) =>
  workers === 1 ? '1 worker' : `${String(workers)} workers`;
