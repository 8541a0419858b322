import { backends, OURS } from './columns.mjs';
import { measurementsOf } from './rounds.mjs';

/**
 * A case on one backend. A library that could not do it is in `failures`, with the
 * reason.
 *
 * @typedef {import('../results.mjs').Result & {
 *   readonly failures: ReadonlyMap<string, string>,
 * }} Result
 */

/**
 * What all rounds together say.
 *
 * @param {import('./rounds.mjs').Plan} plan
 * @param {import('../samples.mjs').Samples} samples
 * @returns {Result[]}
 */
export function resultsOf(plan, samples) {
  return measurementsOf(plan)
    .flatMap(({ cases }) => cases)
    .filter(({ name }) => plan.cases.includes(name))
    .flatMap((of) => backends.map((backend) => resultOf(of, backend)))
    .filter(({ values, failures }) => values.size + failures.size > 0);

  /**
   * @param {import('../results.mjs').Case} of
   * @param {import('./columns.mjs').Backend} backend
   */
  function resultOf(of, backend) {
    const values = new Map();
    const failures = new Map();
    for (const column of plan.columns) {
      if (column.backend !== backend) continue;
      const value = samples.valueOf(of, column);
      const failure = samples.failureOf(of, column);
      if (value) values.set(column.library, value);
      if (failure !== undefined) failures.set(column.library, failure);
    }
    return { of, backend, ours: OURS, values, failures };
  }
}
