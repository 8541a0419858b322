/* What all rounds together say of the clients. */
import { programNames } from './clients/programs.mjs';
import { columnsOf, measurementsOf } from './rounds.mjs';

/** @typedef {import('../results.mjs').Result} Result */
/** @typedef {import('../samples.mjs').Samples} Samples */
/** @typedef {import('../samples.mjs').Value} Value */
/** @typedef {import('./cases.mjs').Measurement} Measurement */
/** @typedef {import('./rounds.mjs').Plan} Plan */

/**
 * A client with the number of downloads at a time with which it was fastest.
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} concurrency
 * @property {ReadonlyMap<string, Value>} values by the name of the case
 */

/**
 * @typedef {object} Summary
 * @property {Measurement} measurement
 * @property {readonly Entry[]} entries the fastest first
 * @property {readonly string[]} failures a line each
 */

/** @param {Plan} plan @param {Samples} samples @returns {Summary[]} */
export const summariesOf = (plan, samples) =>
  measurementsOf(plan).map((measurement) => {
    const { name, cases } = measurement;
    const columns = columnsOf(plan, measurement);
    const seconds = (/** @type {Entry} */ { values }) =>
      values.get(name)?.median ?? NaN;
    const fastestFirst = columns
      .filter((column) => samples.valueOf({ name }, column))
      .map((column) => entryOf(cases, column, samples))
      .sort((a, b) => seconds(a) - seconds(b));
    return {
      measurement,
      entries: fastestFirst.filter(
        (entry, i) =>
          fastestFirst.findIndex((other) => other.name === entry.name) === i,
      ),
      failures: columns.flatMap((column) => {
        const reason = samples.failureOf({ name }, column);
        return reason === undefined ? [] : `${name}, ${column.name}: ${reason}`;
      }),
    };
  });

/**
 * @param {Measurement['cases']} cases
 * @param {import('./rounds.mjs').Column} column
 * @param {Samples} samples
 * @returns {Entry}
 */
const entryOf = (cases, column, samples) => ({
  name: column.client.name,
  concurrency: column.concurrency,
  values: new Map(
    cases.flatMap((of) => {
      const value = samples.valueOf(of, column);
      return value ? [/** @type {const} */ ([of.name, value])] : [];
    }),
  ),
});

/**
 * A result for each case and each program of ours.
 *
 * @param {readonly Summary[]} summaries
 * @returns {Result[]}
 */
export const resultsOf = (summaries) =>
  summaries.flatMap(({ measurement, entries }) =>
    measurement.cases.flatMap((of) =>
      measurement.programs.map((program) => ({
        of,
        backend: program,
        ours: program,
        values: valuesOf(
          of.name,
          entries.filter(
            ({ name }) => name === program || !programNames.includes(name),
          ),
        ),
      })),
    ),
  );

/** @param {string} name @param {readonly Entry[]} entries */
const valuesOf = (name, entries) =>
  new Map(
    entries.flatMap((entry) => {
      const value = entry.values.get(name);
      return value ? [/** @type {const} */ ([entry.name, value])] : [];
    }),
  );
