/*
 * How far an executor may go. The checks take these numbers from here, and so
 * this is the place to change when a pool sends its workers more than they run.
 */

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 */

/** @param {Settings} settings */
export const isPool = ({ backend }) =>
  backend === 'thread' || backend === 'process';

/** How many task bodies may run at once. @param {Settings} settings */
export const capacityOf = ({ maxWorkers, tasksPerWorker }) =>
  maxWorkers * tasksPerWorker;

/** How many jobs a thread is sent at most before it can start them. */
const PREFETCH = 4;

/**
 * How many jobs all workers together may hold beyond their capacity: sent, and
 * not to be started before another one ends.
 *
 * @param {Settings} settings
 */
const sentAheadOf = ({ backend, tasksPerWorker, maxWorkers }) =>
  backend === 'thread' && tasksPerWorker === 1 ? maxWorkers * PREFETCH : 0;

/**
 * How many futures may be running at once. One that is sent ahead stays pending.
 *
 * @param {Settings} settings
 */
export const mostRunning = (settings) => capacityOf(settings);

/**
 * How many futures may be pending although a later one of the same priority is
 * running. One worker starts them in order, whatever it is sent ahead.
 *
 * @param {Settings} settings
 */
export const mostPendingOvertaken = (settings) =>
  capacityOf(settings) === 1 ? 0 : sentAheadOf(settings);

/**
 * How many bodies may not have started although a later one of the same priority
 * has: as many as can have been sent to other workers.
 *
 * @param {Settings} settings
 */
export const mostBodiesOvertaken = (settings) =>
  isPool(settings)
    ? capacityOf(settings) - 1 + mostPendingOvertaken(settings)
    : 0;

/**
 * How many bodies may start after they were to be stopped, or to make way: those
 * that run as far as the executor knows, and on threads what these have claimed
 * while it was told.
 *
 * @param {Settings} settings
 */
export const mostSent = (settings) =>
  isPool(settings)
    ? capacityOf(settings) + (startsByItself(settings) ? 2 : 0)
    : 0;

/**
 * Whether a pending job may start between two lines of the test: when a worker
 * claims in shared memory what was sent ahead.
 *
 * @param {Settings} settings
 */
export const startsByItself = (settings) => sentAheadOf(settings) > 0;

/**
 * Whether a job whose body has not started may fail with the worker to which it
 * was sent, when another one has ended that. Otherwise it is run elsewhere.
 *
 * A thread claims a job before it imports its module, and so a body that shares
 * the worker may end it in between.
 *
 * @param {Settings} settings
 */
export const losesUnstarted = ({ backend, tasksPerWorker }) =>
  backend === 'process' || tasksPerWorker > 1;
