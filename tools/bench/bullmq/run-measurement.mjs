/* One measurement in a program of its own. */
import { fileURLToPath } from 'node:url';
import { runProgram } from '../run-program.mjs';

const program = fileURLToPath(new URL('measure.mjs', import.meta.url));

/** Seconds that a measurement may take. */
const LIMIT = 300;

/**
 * @param {boolean} quick
 * @param {string} folder for the sockets of Redis
 * @param {string | undefined} profile the folder for profiles, if there are to be any
 */
export const measurementRunner =
  (quick, folder, profile) =>
  (/** @type {import('./rounds.mjs').Step} */ { measurement, column }) => {
    const { kind, workers = 1, full, quick: less } = measurement;
    const parameters = JSON.stringify({ ...full, ...(quick && less) });
    const args = [program, column.name, String(workers), kind, parameters];
    const profiling =
      profile === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profile}/${column.name}`];
    return runProgram(process.execPath, [...profiling, ...args, folder], {
      limit: LIMIT,
    });
  };
