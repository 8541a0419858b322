/*
 * A job is one call of the task, as the test knows it, and its deed is what the
 * task does in the end.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  CancelledError,
  ResultNotSerializableError,
  TaskNotSerializableError,
} from '@concurrent-executors/executor';
import { isPool } from './bounds.mjs';

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {import('./model.mjs').Model} Model
 * @typedef {import('./tasks.mjs').Order} Order
 * @typedef {import('@concurrent-executors/executor').Future<unknown>} Future
 *
 * @typedef {{ readonly value: unknown } | { readonly error: unknown }} Outcome
 *
 * @typedef {(model: Model, job: Job) => void} Reaction
 *
 * @typedef {object} Draft what a job will be
 * @property {DeedName} deed
 * @property {Pick<Order, 'deed' | 'value' | 'ballast'>} order
 * @property {boolean} held whether it waits at the gate first
 * @property {boolean} heeds whether it leaves the gate when it is aborted
 * @property {boolean} abortedAtGate whether the test aborts it when it waits there
 * @property {Limits} limits
 * @property {readonly Reaction[]} reactions its done callbacks
 * @property {Reaction} [getter] called by a getter of its arguments, while they are sent
 *
 * @typedef {object} Limits what executor.with() is given
 * @property {number} [priority]
 * @property {number} [retries]
 * @property {number} [timeout]
 * @property {number} [queueTimeout]
 * @property {number} [signal] which of the signals of the model
 *
 * @typedef {object} Job
 * @property {number} number from 1, in the order of submission
 * @property {Draft} draft
 * @property {Future} [future] none while submit runs, and in map
 * @property {import('@concurrent-executors/executor').FutureState} seen the state when it was last looked at
 * @property {number} calledBack how often its first done callback was called
 * @property {boolean} nested whether it was settled while the test was called back
 * @property {number} submittedAt in milliseconds
 * @property {number | undefined} settledAt
 * @property {boolean} withdrawn whether it was cancelled for the test: it must never run
 * @property {unknown[]} reasons why it was aborted while it ran
 * @property {boolean} inOrder false if it may come after jobs with higher numbers
 * @property {number} [map] the first job of its map
 * @property {Outcome} [outcome]
 *
 * @typedef {Job & { future: Future }} SubmittedJob
 *
 * @typedef {object} Deed
 * @property {number} weight how often it comes, compared with the others
 * @property {(settings: Settings) => boolean} possible
 * @property {(random: Random) => Pick<Order, 'deed' | 'value' | 'ballast'>} draw
 * @property {(outcome: Outcome, job: Job) => boolean} [own] whether it is what this task,
 *   undisturbed, gives; left out where it ends its worker
 */

const always = () => true;

/** @param {Outcome} outcome @param {abstract new (...args: never[]) => Error} errorClass */
const threw = (outcome, errorClass) =>
  'error' in outcome && outcome.error instanceof errorClass;

/** @param {Outcome} outcome @param {Job} job */
const returnedItsValue = (outcome, { number, draft }) =>
  isDeepStrictEqual(outcome, {
    value: { job: number, value: draft.order.value },
  });

const falsy = [undefined, null, 0, -0, '', false, NaN, 0n];

const badGetter = {
  get value() {
    throw new SyntaxError('from the getter of an argument');
  },
};

/** What a task can do. @satisfies {Readonly<Record<string, Deed>>} */
export const deeds = {
  returns: {
    weight: 40,
    possible: always,
    draw: (random) => ({ deed: 'return', value: drawValue(random) }),
    own: returnedItsValue,
  },
  throwsError: {
    weight: 8,
    possible: always,
    draw: () => ({ deed: 'throwError' }),
    own: (outcome, { number }) =>
      'error' in outcome &&
      outcome.error instanceof RangeError &&
      outcome.error.message === `task ${String(number)}`,
  },
  throwsValue: {
    weight: 8,
    possible: always,
    draw: (random) => ({ deed: 'throwValue', value: random.pick(falsy) }),
    own: (outcome, { draft }) =>
      isDeepStrictEqual(outcome, { error: draft.order.value }),
  },
  hasBadArgument: {
    weight: 5,
    possible: isPool,
    draw: (random) => ({
      deed: 'return',
      ballast: random.pick([() => 1, new WeakMap(), badGetter]),
    }),
    own: (outcome) => threw(outcome, TaskNotSerializableError),
  },
  hasBadResult: {
    weight: 5,
    possible: isPool,
    draw: () => ({ deed: 'returnUnserializable' }),
    own: (outcome) => threw(outcome, ResultNotSerializableError),
  },
  returnsAndExits: {
    weight: 4,
    possible: isPool,
    draw: (random) => ({
      deed: 'returnAndExit',
      // Often it is still being read when the worker has ended.
      value: 'ß'.repeat(random.below(30_000)),
    }),
    own: returnedItsValue,
  },
  exits: {
    weight: 4,
    possible: isPool,
    draw: (random) => ({ deed: 'exit', value: random.pick([0, 1, 3]) }),
  },
  killsItsProcess: {
    weight: 3,
    possible: ({ backend }) => backend === 'process',
    draw: () => ({ deed: 'killItself' }),
  },
  // Alone in its worker: it would hold up other tasks without end.
  blocks: {
    weight: 2,
    possible: (settings) => isPool(settings) && settings.tasksPerWorker === 1,
    draw: () => ({ deed: 'block' }),
  },
};

/** @typedef {keyof typeof deeds} DeedName */

/** @param {Outcome} outcome */
export const isCancelled = (outcome) => threw(outcome, CancelledError);

/** A time that may pass in a run; the long ones are there for their timers. @param {number | undefined} milliseconds */
export const isShort = (milliseconds) =>
  milliseconds !== undefined && milliseconds < 1_000;

/** Whether its worker may be ended for its sake. @param {Job} job */
export const isStopped = ({ draft, reasons }) =>
  reasons.length > 0 || isShort(draft.limits.timeout);

/** @param {Job} job */
export const priorityOf = ({ draft }) => draft.limits.priority ?? 0;

/** How often it may run. @param {Job} job */
export const attemptsOf = ({ draft }) => 1 + (draft.limits.retries ?? 0);

/** @type {(job: Job) => job is SubmittedJob} */
export const hasFuture = (job) => job.future !== undefined;

/** @param {Pick<Job, 'number' | 'draft'>} job */
export function nameOf({ number, draft }) {
  const { deed, held, heeds, getter, limits } = draft;
  const attributes = [
    deed,
    ...(held ? ['held'] : []),
    ...(heeds ? ['heeds'] : []),
    ...(getter === undefined ? [] : ['getter']),
    ...Object.entries(limits).map(
      ([name, value]) => `${name} ${String(value)}`,
    ),
  ];
  return `#${String(number)} (${attributes.join(', ')})`;
}

/**
 * A value of some kind, now and then so large that it comes in many parts.
 *
 * @param {Random} random
 * @returns {unknown}
 */
function drawValue(random) {
  const size = random.chance(0.05) ? random.below(200_000) : random.below(20);
  return random.pick([
    ...falsy,
    size,
    BigInt(size) ** 9n,
    'ß'.repeat(size),
    new Uint8Array(size).fill(7),
    new Map([[{ size }, new Set([size])]]),
    [new Date(size), [{ size }]],
  ]);
}
