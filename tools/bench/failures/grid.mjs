/*
 * The rows as a grid: a line a failure, a column a library and backend, and in each
 * field a mark for each state of the pool.
 */
import { failures, poolStates } from './failures.mjs';

export const marks = { right: '✓', less: '○', wrong: '✗', hang: '∞' };

/** @param {Row} row */
const markOf = ({ verdict, detail }) =>
  marks[verdict === 'right' && detail.startsWith('n/a') ? 'less' : verdict];

/**
 * @typedef {import('./matrix.mjs').Row} Row
 * @typedef {Pick<Row, 'library' | 'backend'>} Column
 */

/** @param {readonly Row[]} rows @returns {Column[]} */
export const columnsOf = (rows) => [
  ...new Map(
    rows.map(({ library, backend }) => [
      `${library} ${backend}`,
      { library, backend },
    ]),
  ).values(),
];

/** @param {readonly Row[]} rows */
export const failuresOf = (rows) =>
  failures.filter(({ name }) => rows.some(({ failure }) => failure === name));

/**
 * The marks of one field in the order of the pool states; none if it was not run.
 *
 * @param {readonly Row[]} rows
 * @param {string} failure
 * @param {Column} column
 */
export const fieldOf = (rows, failure, { library, backend }) =>
  poolStates
    .flatMap((pool) =>
      rows.filter(
        (row) =>
          row.library === library &&
          row.backend === backend &&
          row.failure === failure &&
          row.pool === pool,
      ),
    )
    .map(markOf)
    .join('');

/** `12/57`: how many are right. @param {readonly Row[]} rows @param {Column} column */
export function scoreOf(rows, { library, backend }) {
  const own = rows.filter(
    (row) => row.library === library && row.backend === backend,
  );
  const right = own.filter(({ verdict }) => verdict === 'right').length;
  return `${String(right)}/${String(own.length)}`;
}
