import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  Command,
  CommanderError,
  InvalidArgumentError,
  Option,
} from 'commander';
import { adapters } from '../adapters/index.mjs';
import { failures } from './failures.mjs';

export const EXIT_USAGE = 2;

/**
 * @typedef {object} Options
 * @property {string[]} library
 * @property {string[]} failure
 * @property {string} [json]
 * @property {string} [markdown]
 */

/**
 * A file that can be written, as far as can be told before the minutes that it takes to
 * know what to write.
 *
 * @param {string} path
 */
function outputFile(path) {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
  } catch {
    throw new InvalidArgumentError('Its folder must exist and be writable.');
  }
  return path;
}

/** @param {string} flags @param {string} about @param {readonly string[]} names */
const namesOption = (flags, about, names) =>
  new Option(flags, about).choices(names).default(names, 'all');

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
  try {
    return command.parse().opts();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
  }
}
