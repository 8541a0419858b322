import { Command } from 'commander';
import { adapters } from '../adapters/index.mjs';
import {
  EXIT_USAGE,
  namesOption,
  outputFile,
  parseOrExit,
} from '../command-line-options.mjs';
import { failures } from './failures.mjs';

/**
 * @typedef {object} Options
 * @property {string[]} library
 * @property {string[]} failure
 * @property {string} [json]
 * @property {string} [markdown]
 */

/** Reads the command line; ends the program if it is wrong. @returns {Options} */
export function readOptions() {
  const command = new Command('npm run failures --')
    .description(
      'Runs one bad task in a pool among good ones, with the executor and other libraries, and tells which of them behave.',
    )
    .addOption(
      namesOption(
        '--library <name...>',
        'only these libraries',
        adapters.map(({ library }) => library),
      ),
    )
    .addOption(
      namesOption(
        '--failure <name...>',
        'only these failures',
        failures.map(({ name }) => name),
      ),
    )
    .option('--json <file>', 'write the rows to a file', outputFile)
    .option('--markdown <file>', 'write a document to a file', outputFile)
    .addHelpText(
      'after',
      `
The table goes to standard output, the progress to standard error. All of it takes
about four minutes on two processors.

Exit status: 0 if the executor is right everywhere, 1 if not, ${String(EXIT_USAGE)} if the command line
is wrong.`,
    )
    .exitOverride();
  return parseOrExit(command).opts();
}
