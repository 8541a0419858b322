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

/**
 * How many jobs all workers together may hold beyond their capacity: sent, and
 * not to be started before another one ends. With prefetch, for example,
 * `tasksPerWorker === 1 ? maxWorkers : 0`.
 *
 * @type {(settings: Settings) => number}
 */
const sentAheadOf = () => 0;

/**
 * How many futures may be running at once. Between processes a job is running as
 * soon as it is sent; on threads one that is sent ahead stays pending.
 *
 * @param {Settings} settings
 */
export const mostRunning = (settings) =>
  capacityOf(settings) +
  (settings.backend === 'process' ? sentAheadOf(settings) : 0);

/**
 * How many futures may be pending although a later one of the same priority is
 * running.
 *
 * @param {Settings} settings
 */
export const mostPendingOvertaken = (settings) => sentAheadOf(settings);

/**
 * How many bodies may not have started although a later one of the same priority
 * has: as many as can have been sent to other workers.
 *
 * @param {Settings} settings
 */
export const mostBodiesOvertaken = (settings) =>
  isPool(settings) ? capacityOf(settings) - 1 + sentAheadOf(settings) : 0;

/**
 * How many bodies may start although they were to be stopped, or to make way, when
 * they had been sent.
 *
 * @param {Settings} settings
 */
export const mostSent = (settings) =>
  isPool(settings) ? capacityOf(settings) + sentAheadOf(settings) : 0;

/**
 * Whether a pending job may start between two lines of the test: when a worker
 * claims in shared memory what was sent ahead.
 *
 * @param {Settings} settings
 */
export const startsByItself = (settings) =>
  settings.backend === 'thread' && sentAheadOf(settings) > 0;

/**
 * Whether a job whose body has not started may fail with the worker to which it
 * was sent. Otherwise it is run elsewhere.
 *
 * @param {Settings} settings
 */
export const losesUnstarted = (settings) => isPool(settings);
