/*
 * The columns of the table: each library with threads and with processes, as far as it
 * has them.
 */
import { spawnSync } from 'node:child_process';
import { adapters } from '../adapters/index.mjs';

export const OURS = 'executor';

/** concurrent.futures.ProcessPoolExecutor; measure.py is its adapter. */
export const PYTHON = 'python';

/** @typedef {import('../adapters/adapter.mjs').Backend} Backend */

/** @type {readonly Backend[]} */
export const backends = ['thread', 'process'];

/**
 * @typedef {object} Column
 * @property {string} name of both
 * @property {string} library
 * @property {Backend} backend
 */

const candidates = [
  ...adapters,
  {
    library: PYTHON,
    backends: /** @type {readonly Backend[]} */ (['process']),
  },
];

export const libraryNames = candidates.map(({ library }) => library);

/**
 * @param {readonly string[]} libraries
 * @param {readonly Backend[]} chosen
 * @returns {Column[]}
 */
export const columnsOf = (libraries, chosen) =>
  candidates
    .filter(({ library }) => libraries.includes(library))
    .flatMap(({ library, backends }) =>
      backends
        .filter((backend) => chosen.includes(backend))
        .map((backend) => ({
          name: `${library} ${backend}`,
          library,
          backend,
        })),
    );

/** The version of Python; undefined if there is none. */
export function pythonVersion() {
  const { stdout } = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  return stdout?.replace('Python', '').trim() || undefined;
}
