import { failures, poolStates } from './failures.mjs';
import { adapters } from '../adapters/index.mjs';

/**
 * @typedef {object} Cell
 * @property {string} library
 * @property {import('../adapters/adapter.mjs').Backend} backend
 * @property {import('./failures.mjs').Failure} failure
 * @property {import('./failures.mjs').PoolState} pool
 */

/**
 * What became of a cell.
 *
 * @typedef {Omit<Cell, 'failure'> & { readonly failure: string } &
 *   import('./judge.mjs').Judgement} Row
 */

/**
 * All cells of the libraries and failures that are named.
 *
 * @param {readonly string[]} libraryNames
 * @param {readonly string[]} failureNames
 * @returns {Cell[]}
 */
export function cellsOf(libraryNames, failureNames) {
  const chosen = failures.filter(({ name }) => failureNames.includes(name));
  return adapters
    .filter(({ library }) => libraryNames.includes(library))
    .flatMap(({ library, backends }) =>
      backends.flatMap((backend) =>
        chosen
          .filter(({ only }) => only === undefined || only === backend)
          .flatMap((failure) =>
            poolStates.map((pool) => ({ library, backend, failure, pool })),
          ),
      ),
    );
}
