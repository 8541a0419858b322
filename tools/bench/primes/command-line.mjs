import {
  addSuiteOptions,
  EXIT_USAGE,
  namesOption,
} from '../command-line-options.mjs';
import { measurementNames } from './cases.mjs';
import { programs } from './programs/index.mjs';

/**
 * @typedef {import('../command-line-options.mjs').SuiteOptions & {
 *   readonly program: string[],
 * }} Options
 */

export const DEFAULT_ROUNDS = 5;

/**
 * @param {import('commander').Command} program
 * @param {(options: Options) => Promise<void>} run
 */
export const addPrimesCommand = (program, run) =>
  addSuiteOptions(
    program
      .command('primes')
      .description('Compares the primes with C, PARI and others.'),
    {
      quick: 'fewer numbers and 2 rounds: half a minute',
      cases: measurementNames,
      rounds: DEFAULT_ROUNDS,
    },
  )
    .addOption(
      namesOption(
        '--program <name...>',
        'only these programs',
        programs.map(({ name }) => name),
      ),
    )
    .addHelpText(
      'after',
      `
C is compiled by gcc, PARI is its library (libpari-dev) or else the command gp. What is not
installed is left out. The tables go to standard output, the progress to standard error. Let
nothing else run meanwhile.

Exit status: 0 if ours was measured in all cases, 1 if not, ${String(EXIT_USAGE)} if the command line is
wrong.`,
    )
    .action(run);
