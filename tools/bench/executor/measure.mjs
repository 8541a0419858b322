// node measure.mjs LIBRARY BACKEND KIND PARAMETERS
//
// Makes one measurement and prints its values as a line of JSON: {"values": {…}}, or
// {"error": "…"}. Run by run-measurement.mjs, as the leader of a process group of its
// own. measure.py does the same for Python.
import { writeSync } from 'node:fs';
import { adapters } from '../adapters/index.mjs';
import { measurements } from './measurements/index.mjs';

const STDOUT = 1;

const [library, backend, kind = '', parameters = ''] = process.argv.slice(2);
const adapter = adapters.find((one) => one.library === library);
const measure = measurements[kind];
if (!adapter || !measure) {
  throw new Error('run-measurement.mjs runs this, with arguments that fit');
}

/** @param {object} outcome @returns {never} */
function tell(outcome) {
  writeSync(STDOUT, `${JSON.stringify(outcome)}\n`);
  // The pool is not closed: some libraries need seconds for it. Who runs this ends all
  // that is left.
  process.exit();
}

const tellError = (/** @type {unknown} */ error) =>
  tell({ error: error instanceof Error ? error.message : String(error) });

process.on('uncaughtException', tellError);
try {
  const subject = {
    adapter,
    // What run-measurement.mjs passes comes from the list of columns.
    backend: /** @type {import('../adapters/adapter.mjs').Backend} */ (backend),
  };
  tell({ values: await measure(subject, JSON.parse(parameters)) });
} catch (error) {
  tellError(error);
}
