/* The suite `downloads`: our programs and other clients, list by list. */
import { spawnSync } from 'node:child_process';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { report, requirePlace } from '../report.mjs';
import { requireBuilt } from '../require-built.mjs';
import { programFile, programNames } from './clients/programs.mjs';
import { DEFAULT_ROUNDS } from './command-line.mjs';
import { findInstalled } from './installed.mjs';
import { measure } from './measure.mjs';
import { stepsOf } from './rounds.mjs';
import { resultsOf, summariesOf } from './summary.mjs';
import { documentText, terminalText } from './texts.mjs';

/** @typedef {import('./rounds.mjs').Plan} Plan */

const SUITE = 'downloads';
const QUICK_ROUNDS = 2;
const EXIT_NOT_MEASURED = 1;

/** @param {import('./command-line.mjs').Options} options */
export async function runSuite(options) {
  for (const name of programNames) requireBuilt(programFile(name), name);
  if (spawnSync('python3', ['--version']).error) {
    fail('python3 is not there: it reads what a program needed');
  }
  const plan = planOf(options);
  if (stepsOf(plan).length === 0) {
    fail('nothing to run: none of these clients is installed and in a case');
  }
  requirePlace(SUITE, options);

  endGroupsAtExit();
  const { samples, ...setting } = await measure(plan);
  const summaries = summariesOf(plan, samples);
  const results = resultsOf(summaries);
  const content = { plan, summaries, results, ...setting };
  report(SUITE, options, results, {
    document: () => documentText(content),
    terminal: () => terminalText(content),
  });
  if (summaries.some((summary) => lacksOurs(summary, plan))) {
    process.exitCode = EXIT_NOT_MEASURED;
  }
}

/** @param {import('./command-line.mjs').Options} options @returns {Plan} */
function planOf({ client, case: names, rounds, quick = false }) {
  const { installed, missing } = findInstalled(client);
  return {
    clients: installed,
    missing,
    names,
    rounds: rounds ?? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS),
    quick,
  };
}

/**
 * Whether a program of ours that was to be measured was not.
 *
 * @param {import('./summary.mjs').Summary} summary
 * @param {Plan} plan
 */
const lacksOurs = ({ measurement, entries }, { clients }) =>
  clients.some(
    ({ name }) =>
      measurement.programs.includes(name) &&
      !entries.some((entry) => entry.name === name),
  );
