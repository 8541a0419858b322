/*
 * Many tasks at once as a command: what goes wrong once in a hundred thousand times.
 */
import { randomInt } from 'node:crypto';
import { constants } from 'node:os';
import { CommandOptions } from '../support/command-options.mjs';
import { Fault, pools, stress } from './run.mjs';

const MAX_SEED = 2 ** 32 - 1;
const names = /** @type {(keyof typeof pools)[]} */ (Object.keys(pools));

const usage = `Usage: npm run stress -- [options]

Gives a pool many tasks with values of all sizes, cancels some, and ends workers in the
middle of others. Checks all results. The seed decides what is done, but not when.

  --backend NAME  ${names.join(', ')} (default: both)
  --tasks N       number of tasks (default: 200000)
  --seed S        of the random numbers (default: random)
  --help          show this help

Exit status: 0 all went well, 1 a fault, 2 wrong usage.`;

const options = new CommandOptions('stress');
const values = options.parse(['backend', 'tasks', 'seed'], usage);
const backends = options.choices('--backend', values.backend, names);
const tasks = options.integer('--tasks', values.tasks, 1, 1e9) ?? 200_000;
const seed =
  options.integer('--seed', values.seed, 0, MAX_SEED) ?? randomInt(2 ** 32);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

for (const backend of backends) {
  const start = performance.now();
  try {
    const { returned, cancelled, lost, ends } = await stress({
      backend,
      tasks,
      seed,
    });
    const seconds = (performance.now() - start) / 1_000;
    console.log(
      `${backend}: ${String(tasks)} tasks with seed ${String(seed)} (${String(returned)} returned, ${String(cancelled)} cancelled, ${String(ends)} workers ended, with ${String(lost)} tasks), no fault, ${seconds.toFixed(1)} s`,
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`${backend}: ${error.message}`);
    console.error(
      `Repeat it: npm run stress -- --backend ${backend} --tasks ${String(tasks)} --seed ${String(seed)}`,
    );
    process.exit(1);
  }
}
