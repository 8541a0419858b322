/* One measurement of a program. */
import { fileURLToPath } from 'node:url';
import { runProgram } from '../run-program.mjs';

/** @typedef {import('../run-program.mjs').Outcome} Outcome */

const timePool = fileURLToPath(new URL('time-pool.mjs', import.meta.url));

/** Seconds that a measurement may take. */
const LIMIT = 300;

const PASSES = 5;

/**
 * Runs a step, and compares the answers with those of the first program that was asked.
 *
 * @param {Record<import('./integers.mjs').IntegersName, string>} files
 */
export function stepRunner(files) {
  /** The sum of the answers, by measurement. @type {Map<string, number | undefined>} */
  const checks = new Map();

  /** @param {import('./rounds.mjs').Step} step @returns {Promise<Outcome>} */
  return async ({ measurement, column }) => {
    const { name, kind, integers, poolOptions = [] } = measurement;
    if ('workers' in column) {
      const args = [timePool, String(column.workers), ...poolOptions];
      return runProgram(process.execPath, args, { limit: LIMIT });
    }
    if (!kind || !integers) throw new Error(`${name} asks nothing`);
    const file = files[integers];
    const [program = '', ...args] = column.program.command({
      kind,
      file,
      passes: PASSES,
    });
    const outcome = await runProgram(program, args, { limit: LIMIT });
    if ('error' in outcome) return outcome;
    const { ns = NaN, check } = outcome.values;
    if (!checks.has(name)) checks.set(name, check);
    if (checks.get(name) !== check) return { error: 'answers otherwise' };
    return { values: { µs: ns / 1e3, ms: ns / 1e6 } };
  };
}
