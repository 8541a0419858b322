import {
  addSuiteOptions,
  EXIT_USAGE,
  namesOption,
} from '../command-line-options.mjs';
import { measurementNames } from './cases.mjs';
import { clients } from './clients/index.mjs';

/**
 * @typedef {import('../command-line-options.mjs').SuiteOptions & {
 *   readonly client: string[],
 * }} Options
 */

export const DEFAULT_ROUNDS = 5;

/**
 * @param {import('commander').Command} program
 * @param {(options: Options) => Promise<void>} run
 */
export const addDownloadsCommand = (program, run) =>
  addSuiteOptions(
    program
      .command('downloads')
      .description('Compares the flags programs with other HTTP clients.'),
    {
      quick: 'fewer files and 2 rounds: a minute instead of half an hour',
      cases: measurementNames,
      rounds: DEFAULT_ROUNDS,
    },
  )
    .addOption(
      namesOption(
        '--client <name...>',
        'only these programs',
        clients.map(({ name }) => name),
      ),
    )
    .addHelpText(
      'after',
      `
It needs python3, and measures those of the others that are installed. The tables go to
standard output, the progress to standard error. Let nothing else run meanwhile.
files-40000 is run 3 times at most.

Exit status: 0 if our programs were measured in all cases, 1 if not, ${String(EXIT_USAGE)} if the command
line is wrong.`,
    )
    .action(run);
