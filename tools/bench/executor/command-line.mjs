import { Option } from 'commander';
import {
  addSuiteOptions,
  EXIT_USAGE,
  namesOption,
} from '../command-line-options.mjs';
import { caseNames } from './cases.mjs';
import { backends, libraryNames } from './columns.mjs';

/**
 * @typedef {import('../command-line-options.mjs').SuiteOptions & {
 *   readonly library: string[],
 *   readonly backend?: import('./columns.mjs').Backend,
 * }} Options
 */

export const DEFAULT_ROUNDS = 5;

/**
 * @param {import('commander').Command} program
 * @param {(options: Options) => Promise<void>} run
 */
export const addExecutorCommand = (program, run) =>
  addSuiteOptions(
    program
      .command('executor')
      .description(
        'Compares the executor with other pools of threads and processes.',
      ),
    {
      quick: 'fewer tasks and 2 rounds: some minutes instead of hours',
      cases: caseNames,
      rounds: DEFAULT_ROUNDS,
    },
  )
    .addOption(
      namesOption('--library <name...>', 'only these libraries', libraryNames),
    )
    .addOption(
      new Option('--backend <name>', 'only this one').choices(backends),
    )
    .addHelpText(
      'after',
      `
The tables go to standard output, the progress to standard error. Let nothing else run
meanwhile. With --quick, queued-1e6 is left out unless it is named.

Exit status: 0 if the executor was measured in all cases, 1 if not, ${String(EXIT_USAGE)} if the command
line is wrong.`,
    )
    .action(run);
