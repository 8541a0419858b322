import { quantile } from './statistics.mjs';

/**
 * One measurement of one column in one round.
 *
 * @typedef {object} Step
 * @property {number} round from 0
 * @property {object} measurement
 * @property {string} [measurement.name] if there is a shorter one than those of its cases
 * @property {readonly import('./results.mjs').Case[]} measurement.cases
 * @property {{ readonly name: string }} column
 */

/**
 * @typedef {object} Value
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/** Collects what the steps of all rounds give. */
export class Samples {
  /** Of each case and column. @type {Map<string, number[]>} */
  #numbers = new Map();
  /** @type {Map<string, string>} */
  #failures = new Map();

  /**
   * Whether the measurement has failed in an earlier round. It is not tried again: some
   * take minutes until they fail.
   *
   * @param {Step} step
   */
  hasFailed({ measurement, column }) {
    return measurement.cases.some((of) => this.failureOf(of, column));
  }

  /**
   * @param {Step} step
   * @param {import('./run-program.mjs').Outcome} outcome
   */
  add({ measurement, column }, outcome) {
    for (const of of measurement.cases) {
      const key = keyOf(of, column);
      if ('error' in outcome) {
        this.#failures.set(key, outcome.error);
      } else {
        const numbers = this.#numbers.get(key) ?? [];
        numbers.push(outcome.values[of.value] ?? NaN);
        this.#numbers.set(key, numbers);
      }
    }
  }

  /**
   * @param {{ readonly name: string }} of
   * @param {{ readonly name: string }} column
   */
  failureOf(of, column) {
    return this.#failures.get(keyOf(of, column));
  }

  /**
   * One failure is enough to have no value: one of the rounds that went well would hide it.
   *
   * @param {{ readonly name: string }} of
   * @param {{ readonly name: string }} column
   * @returns {Value | undefined}
   */
  valueOf(of, column) {
    const numbers = this.#numbers.get(keyOf(of, column));
    if (!numbers || this.failureOf(of, column) !== undefined) return undefined;
    return {
      median: quantile(numbers, 0.5),
      min: Math.min(...numbers),
      max: Math.max(...numbers),
    };
  }
}

/**
 * @param {{ readonly name: string }} of
 * @param {{ readonly name: string }} column
 */
const keyOf = (of, column) => `${of.name} ${column.name}`;
