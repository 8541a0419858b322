import { backendOf, noPeers, OURS } from './columns.mjs';
import { columnsOf, measurementsOf } from './rounds.mjs';

/**
 * What all rounds say of a case. Who could not do it is in `failures`, with the reason.
 *
 * @typedef {import('../results.mjs').Result & {
 *   readonly failures: ReadonlyMap<string, string>,
 * }} Result
 */

/**
 * @param {import('./rounds.mjs').Plan} plan
 * @param {import('../samples.mjs').Samples} samples
 * @returns {Result[]}
 */
export const resultsOf = (plan, samples) =>
  measurementsOf(plan).flatMap((measurement) =>
    measurement.cases.map((of) => {
      const values = new Map();
      const failures = new Map();
      for (const column of columnsOf(plan, measurement)) {
        const value = samples.valueOf(of, column);
        const failure = samples.failureOf(of, column);
        if (value) values.set(column.name, value);
        if (failure !== undefined) failures.set(column.name, failure);
      }
      const backend = backendOf(measurement);
      return { of, backend, ours: OURS, bounds: noPeers, values, failures };
    }),
  );
