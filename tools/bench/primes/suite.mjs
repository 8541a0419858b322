/* The suite `primes`: this package beside C, PARI and other libraries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { report, requirePlace } from '../report.mjs';
import { requireBuilt } from '../require-built.mjs';
import { runSteps } from '../run-steps.mjs';
import { DEFAULT_ROUNDS } from './command-line.mjs';
import { writeIntegers } from './integers.mjs';
import { poolProgram } from './pool-program.mjs';
import { programs } from './programs/index.mjs';
import { resultsOf } from './results.mjs';
import { stepsOf } from './rounds.mjs';
import { stepRunner } from './run-step.mjs';
import { documentText, terminalText } from './texts.mjs';

const SUITE = 'primes';
const QUICK_ROUNDS = 2;
const EXIT_NOT_MEASURED = 1;

const primesModule = new URL(
  '../../../packages/primes/dist/index.js',
  import.meta.url,
);

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  requireBuilt(primesModule, SUITE);
  requireBuilt(poolProgram, 'proc-pool');
  requirePlace(SUITE, options);

  endGroupsAtExit();
  const folder = mkdtempSync(join(tmpdir(), 'primes-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true });
  });
  const plan = planOf(options, folder);
  const steps = stepsOf(plan);
  if (steps.length === 0) {
    fail('nothing to run: none of these programs is installed and in a case');
  }
  const files = await writeIntegers(folder, plan.quick);
  const samples = await runSteps(steps, stepRunner(files));
  const results = resultsOf(plan, samples);
  report(SUITE, options, results, {
    document: () => documentText(plan, results),
    terminal: (inColour) => terminalText(plan, results, inColour),
  });
  if (results.some(({ ours, failures }) => failures.has(ours))) {
    process.exitCode = EXIT_NOT_MEASURED;
  }
}

/**
 * @param {import('./command-line.mjs').Options} options
 * @param {string} folder where what is compiled goes
 * @returns {import('./rounds.mjs').Plan}
 */
function planOf(
  { program: names, case: cases, rounds, quick = false },
  folder,
) {
  const found = programs
    .filter(({ name }) => names.includes(name))
    .map((program) => ({ ...program, ...program.find(folder) }));
  return {
    programs: found.filter(isInstalled),
    missing: found.filter((one) => !isInstalled(one)).map(({ name }) => name),
    names: cases,
    rounds: rounds ?? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS),
    quick,
  };
}

/**
 * @param {import('./programs/program.mjs').Program &
 *   Partial<import('./programs/program.mjs').InstalledProgram>} program
 * @returns {program is import('./rounds.mjs').Installed}
 */
const isInstalled = ({ command }) => command !== undefined;
