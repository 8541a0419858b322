import {
  addSuiteOptions,
  EXIT_USAGE,
  namesOption,
} from '../command-line-options.mjs';
import { measurementNames } from './cases.mjs';
import { contenderNames } from './columns.mjs';

/**
 * @typedef {import('../command-line-options.mjs').SuiteOptions & {
 *   readonly contender: string[],
 *   readonly profile?: string,
 * }} Options
 */

export const DEFAULT_ROUNDS = 5;

/**
 * @param {import('commander').Command} program
 * @param {(options: Options) => Promise<void>} run
 */
export const addBullmqCommand = (program, run) =>
  addSuiteOptions(
    program
      .command('bullmq')
      .description('Compares the executor over BullMQ with BullMQ alone.'),
    {
      quick: 'fewer tasks and 2 rounds: some minutes',
      cases: measurementNames,
      rounds: DEFAULT_ROUNDS,
    },
  )
    .addOption(
      namesOption('--contender <name...>', 'only these', contenderNames),
    )
    .option(
      '--profile <folder>',
      'have submitters and workers write profiles (node --cpu-prof) there; that slows them down',
    )
    .addHelpText(
      'after',
      `
Needs redis-server on PATH, or REDIS_SERVER: one is started for each measurement, on a
socket, without persistence. The tables go to standard output, the progress to standard
error. Let nothing else run meanwhile.

Exit status: 0 if ours was measured in all cases, 1 if not, ${String(EXIT_USAGE)} if the command line is
wrong.`,
    )
    .action(run);
