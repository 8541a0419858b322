/* What all rounds together say: the values, and how they compare. */
import { OURS } from './columns.mjs';
import { quantile } from './statistics.mjs';

/** @typedef {import('./cases.mjs').Case} Case */
/** @typedef {import('./columns.mjs').Backend} Backend */

/**
 * @typedef {object} Value
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/**
 * A case on one backend. A library that could not do it is in `failures`, with the
 * reason.
 *
 * @typedef {object} Result
 * @property {Case} of
 * @property {Backend} backend
 * @property {ReadonlyMap<string, Value>} values by library
 * @property {ReadonlyMap<string, string>} failures by library
 */

/** Collects what the steps give. */
export class Samples {
  /** Of each library on each backend and case. @type {Map<string, number[]>} */
  #numbers = new Map();
  /** @type {Map<string, string>} */
  #failures = new Map();

  /**
   * Whether the measurement has failed in an earlier round. It is not tried again: some
   * take minutes until they fail.
   *
   * @param {import('./rounds.mjs').Step} step
   */
  hasFailed({ measurement, column }) {
    return measurement.cases.some(({ name }) =>
      this.#failures.has(keyOf(name, column)),
    );
  }

  /**
   * @param {import('./rounds.mjs').Step} step
   * @param {import('./run-measurement.mjs').Outcome} outcome
   */
  add({ measurement, column }, outcome) {
    for (const { name, value } of measurement.cases) {
      const key = keyOf(name, column);
      if ('error' in outcome) {
        this.#failures.set(key, outcome.error);
      } else {
        const numbers = this.#numbers.get(key) ?? [];
        numbers.push(outcome.values[value] ?? NaN);
        this.#numbers.set(key, numbers);
      }
    }
  }

  /**
   * @param {Case} of
   * @param {Backend} backend
   * @param {readonly string[]} libraries
   * @returns {Result}
   */
  resultOf(of, backend, libraries) {
    const values = new Map();
    const failures = new Map();
    for (const library of libraries) {
      const key = keyOf(of.name, { library, backend });
      const failure = this.#failures.get(key);
      const numbers = this.#numbers.get(key);
      // One failure is enough: a value of the rounds that went well would hide it.
      if (failure !== undefined) failures.set(library, failure);
      else if (numbers) values.set(library, valueOf(numbers));
    }
    return { of, backend, values, failures };
  }
}

/** @param {string} name @param {import('./columns.mjs').Column} column */
const keyOf = (name, { library, backend }) => `${name} ${library} ${backend}`;

/** @param {readonly number[]} numbers @returns {Value} */
const valueOf = (numbers) => ({
  median: quantile(numbers, 0.5),
  min: Math.min(...numbers),
  max: Math.max(...numbers),
});

/**
 * The executor over the best of the others, turned so that more than 1 means that the
 * executor is better; null if there is nothing to compare.
 *
 * @param {Result} result
 */
export function ratioOf({ of, values }) {
  const ours = values.get(OURS)?.median;
  const peers = [...values]
    .filter(([library]) => library !== OURS)
    .map(([, { median }]) => median);
  if (ours === undefined || peers.length === 0) return null;
  const isHigher = of.better === 'higher';
  const best = isHigher ? Math.max(...peers) : Math.min(...peers);
  const ratio = isHigher ? ours / best : best / ours;
  return Number.isFinite(ratio) ? ratio : null; // as of two that are 0
}

/** The rows for a program to read. @param {readonly Result[]} results */
export const jsonRows = (results) =>
  results.map((result) => ({
    suite: 'executor',
    case: result.of.name,
    backend: result.backend,
    unit: result.of.unit,
    better: result.of.better,
    ours: result.values.get(OURS)?.median ?? null,
    peers: Object.fromEntries(
      [...result.values]
        .filter(([library]) => library !== OURS)
        .map(([library, { median }]) => [library, median]),
    ),
    ratio: ratioOf(result),
  }));
