/*
 * Makes a measurement in a program of its own: what one library leaves behind in memory,
 * in compiled code or in processes does not change what another one shows.
 */
import { fileURLToPath } from 'node:url';
import { runProgram } from '../run-program.mjs';
import { PYTHON } from './columns.mjs';

const nodeProgram = fileURLToPath(new URL('measure.mjs', import.meta.url));
const pythonProgram = fileURLToPath(new URL('measure.py', import.meta.url));

/**
 * @param {import('./columns.mjs').Column} column
 * @param {string} kind
 * @param {object} parameters
 * @param {{ limit: number, heap?: number | undefined }} allowed seconds, and megabytes of
 *   V8's heap
 */
export function runMeasurement(column, kind, parameters, { limit, heap }) {
  const { library, backend } = column;
  const [program, args] =
    library === PYTHON
      ? ['python3', [pythonProgram]]
      : [
          process.execPath,
          [
            ...(heap === undefined
              ? []
              : [`--max-old-space-size=${String(heap)}`]),
            nodeProgram,
            library,
            backend,
          ],
        ];
  return runProgram(program, [...args, kind, JSON.stringify(parameters)], {
    limit,
  });
}
