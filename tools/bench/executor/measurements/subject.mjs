/**
 * What is measured.
 *
 * @typedef {object} Subject
 * @property {import('../../adapters/adapter.mjs').Adapter} adapter
 * @property {import('../../adapters/adapter.mjs').Backend} backend
 */

/**
 * The values by their names. The parameters are those of cases.mjs.
 *
 * @typedef {(subject: Subject, parameters: any) =>
 *   Promise<Record<string, number>>} Measure
 */

/** How many workers a pool has, unless a measurement says otherwise. */
export const WORKERS = 2;

const tasksModule = new URL('../tasks.mjs', import.meta.url).href;

/**
 * A pool for tasks with plain data, as most measurements have them.
 *
 * @param {Subject} subject
 * @param {readonly string[]} names
 * @param {Partial<import('../../adapters/adapter.mjs').OpenOptions>} [options]
 */
export const openPool = ({ adapter, backend }, names, options) =>
  adapter.open(backend, {
    workers: WORKERS,
    module: tasksModule,
    names,
    forSpeed: true,
    plainData: true,
    ...options,
  });
