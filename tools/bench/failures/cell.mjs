// node cell.mjs LIBRARY BACKEND FAILURE POOL LIMIT
//
// Plays one cell of the matrix, and writes the verdict to file descriptor 3: when the
// program ends by itself, or when the LIMIT in milliseconds is over. Run by run-cell.mjs,
// as the leader of a process group of its own.
import { writeSync } from 'node:fs';
import { adapters } from '../adapters/index.mjs';
import { failures } from './failures.mjs';
import { describe, judge } from './judge.mjs';
import { Scenario } from './scenario.mjs';
import { STARTED_VARIABLE } from './started.mjs';

const VERDICT_FD = 3;

const [library, backend, failureName, poolState, limit] = process.argv.slice(2);
const adapter = adapters.find((one) => one.library === library);
const failure = failures.find(({ name }) => name === failureName);
const startedFile = process.env[STARTED_VARIABLE];
if (!adapter || !failure || !startedFile) {
  throw new Error('run-cell.mjs runs this, with arguments that fit');
}
const scenario = new Scenario(adapter, failure, startedFile);

let told = false;
/** @param {import('./judge.mjs').Judgement} judgement */
function tell(judgement) {
  if (told) return;
  told = true;
  writeSync(VERDICT_FD, JSON.stringify(judgement));
}

process.on('exit', () => {
  tell(judge(scenario, true));
});
// Node would end the program here, so the cell ends too.
process.on('uncaughtException', (error, origin) => {
  tell({
    verdict: 'wrong',
    detail: `${origin === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception'} in the program: ${describe(error)}`,
  });
  process.exit(1);
});
// A timer that holds nothing: a program that ends by itself must do so.
setTimeout(() => {
  try {
    tell(judge(scenario, false));
  } finally {
    process.kill(-process.pid, 'SIGKILL'); // also if nobody is left to be told
  }
}, Number(limit)).unref();

await scenario.play(
  // What run-cell.mjs passes comes from the matrix.
  /** @type {import('../adapters/adapter.mjs').Backend} */ (backend),
  /** @type {import('./failures.mjs').PoolState} */ (poolState),
);
