import { InvalidArgumentError, Option } from 'commander';
import {
  EXIT_USAGE,
  namesOption,
  outputFile,
} from '../command-line-options.mjs';
import { caseNames } from './cases.mjs';
import { backends, libraryNames } from './columns.mjs';

/**
 * @typedef {object} Options
 * @property {boolean} [quick]
 * @property {string} [json]
 * @property {string} [markdown]
 * @property {string[]} case
 * @property {string[]} library
 * @property {import('./columns.mjs').Backend} [backend]
 * @property {number} [rounds]
 */

/** @param {string} text */
function positiveInteger(text) {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  }
  return Number(text);
}

/**
 * @param {import('commander').Command} program
 * @param {(options: Options) => Promise<void>} run
 */
export const addExecutorCommand = (program, run) =>
  program
    .command('executor')
    .description(
      'Compares the executor with other pools of threads and processes.',
    )
    .option(
      '--quick',
      'fewer tasks and 2 rounds: some minutes instead of hours',
    )
    .option('--json <file>', 'write the rows to a file', outputFile)
    .option(
      '--markdown <file>',
      'write the tables into a document, between its two marks',
      outputFile,
    )
    .addOption(namesOption('--case <name...>', 'only these cases', caseNames))
    .addOption(
      namesOption('--library <name...>', 'only these libraries', libraryNames),
    )
    .addOption(
      new Option('--backend <name>', 'only this one').choices(backends),
    )
    .option(
      '--rounds <number>',
      'how often all is measured (default: 5)',
      positiveInteger,
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
