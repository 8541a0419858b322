/*
 * The simulation as a command: many seeds, until one of them shows a violation.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CommandOptions } from '../support/command-options.mjs';
import { backends } from './backends.mjs';
import { simulate, Violation } from './run.mjs';

/**
 * @typedef {import('./backends.mjs').BackendName} BackendName
 * @typedef {import('./run.mjs').Scenario} Scenario
 */

const MAX_SEED = 2 ** 32 - 1;
const backendNames = /** @type {BackendName[]} */ (Object.keys(backends));

/** After so many milliseconds the search for a shorter run gives up. */
const SHRINKING = 60_000;

const usage = `Usage: npm run simulate -- [options]

Does random things with an executor, and checks that it always does what it must.
What one run does is decided by its seed.

  --backend NAME  ${backendNames.join(', ')} (default: all of them)
  --seeds N       number of runs (default: 100)
  --seed S        seed of the first run; each other one has the next (default: random)
  --steps K       number of steps in a run (default: 20)
  --help          show this help

Exit status: 0 no violation, 1 a violation, 2 wrong usage.`;

const options = parseOptions();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}
let violated = false;
for (const backend of options.backends) {
  violated ||= !(await simulateMany(backend));
}
// Not by itself: after a violation there may be workers that never end.
process.exit(violated ? 1 : 0);

/** @param {BackendName} backend @returns {Promise<boolean>} whether all went well */
async function simulateMany(backend) {
  const { seeds, seed: first, steps } = options;
  /** @type {Record<string, number>} */
  const tally = {};
  const start = performance.now();
  for (let done = 0; done < seeds; done += 1) {
    const seed = (first + done) % (MAX_SEED + 1);
    try {
      const result = await simulate({ backend, seed, steps });
      for (const [kind, number] of Object.entries(result)) {
        tally[kind] = (tally[kind] ?? 0) + number;
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      console.error(error.message);
      console.log(
        `${backend}: a violation in run ${String(done + 1)} of ${String(seeds)}`,
      );
      // A run that was asked for by its seed is not to be another one.
      if (seeds > 1) await shrink({ backend, seed, steps });
      return false;
    }
    if (done % 100 === 99) console.error(`${backend}: ${String(done + 1)}`);
  }
  const tasks = Object.values(tally).reduce((sum, number) => sum + number, 0);
  const kinds = Object.entries(tally)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, number]) => `${String(number)} ${kind}`);
  console.log(
    `${backend}: ${String(seeds)} runs from seed ${String(first)}, ${String(tasks)} tasks (${kinds.join(', ')}), no violation, ${((performance.now() - start) / 1_000).toFixed(1)} s`,
  );
  return true;
}

/**
 * Looks for a violation with fewer steps of the same run, each in a process of its
 * own: what one leaves behind cannot disturb the next.
 *
 * @param {Scenario} scenario
 */
async function shrink(scenario) {
  const limit = performance.now() + SHRINKING;
  let { steps } = scenario;
  let report = '';
  for (let cut = steps; cut >= 1; cut = Math.floor(cut / 2)) {
    while (cut <= steps && performance.now() < limit) {
      const fewer = { ...scenario, steps: steps - cut };
      // It may depend on chance, too: one more try.
      const found = (await violationOf(fewer)) ?? (await violationOf(fewer));
      if (found === undefined) break;
      report = found;
      steps -= cut;
    }
  }
  if (report === '') return;
  console.error(
    `\nWith the first ${String(steps)} steps only:\n${report.trim()}`,
  );
}

/** @param {Scenario} scenario @returns {Promise<string | undefined>} */
function violationOf({ backend, seed, steps }) {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        ...['--backend', backend, '--seeds', '1'],
        ...['--seed', String(seed), '--steps', String(steps)],
      ],
      (error, _stdout, stderr) => {
        process.off('exit', end);
        resolve(error?.code === 1 ? stderr : undefined);
      },
    );
    const end = () => void child.kill('SIGINT');
    process.once('exit', end);
  });
}

function parseOptions() {
  const command = new CommandOptions('simulate');
  const names = /** @type {const} */ (['backend', 'seeds', 'seed', 'steps']);
  const { backend, seeds, seed, steps } = command.parse(names, usage);
  return {
    backends: command.choices('--backend', backend, backendNames),
    seeds: command.integer('--seeds', seeds, 1, 1_000_000) ?? 100,
    seed: command.integer('--seed', seed, 0, MAX_SEED) ?? randomInt(2 ** 32),
    steps: command.integer('--steps', steps, 0, 1_000) ?? 20,
  };
}
