/* What the command lines of the comparisons have in common. */
import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CommanderError, InvalidArgumentError, Option } from 'commander';

export const EXIT_USAGE = 2;

/**
 * A file that can be written, as far as can be told before the minutes that it takes to
 * know what to write.
 *
 * @param {string} path
 */
export function outputFile(path) {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
  } catch {
    throw new InvalidArgumentError('Its folder must exist and be writable.');
  }
  return path;
}

/** @param {string} text */
function positiveInteger(text) {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  }
  return Number(text);
}

/**
 * What every suite of measurements takes.
 *
 * @typedef {object} SuiteOptions
 * @property {boolean} [quick]
 * @property {string} [json]
 * @property {string} [markdown]
 * @property {string[]} case
 * @property {number} [rounds]
 */

/**
 * @param {import('commander').Command} command
 * @param {object} suite
 * @param {string} suite.quick what --quick does
 * @param {readonly string[]} suite.cases
 * @param {number} suite.rounds how many there are without --rounds
 */
export const addSuiteOptions = (command, { quick, cases, rounds }) =>
  command
    .option('--quick', quick)
    .option('--json <file>', 'write the rows to a file', outputFile)
    .option(
      '--markdown <file>',
      'write the tables into a document, between its two marks',
      outputFile,
    )
    .option(
      '--rounds <number>',
      `how often all is measured (default: ${String(rounds)})`,
      positiveInteger,
    )
    .addOption(namesOption('--case <name...>', 'only these cases', cases));

/** @param {string} flags @param {string} about @param {readonly string[]} names */
export const namesOption = (flags, about, names) =>
  new Option(flags, about).choices(names).default(names, 'all');

/**
 * Reads the command line; ends the program if it is wrong, or if it asks for help.
 *
 * @param {import('commander').Command} command with `exitOverride()`
 */
export function parseOrExit(command) {
  try {
    return command.parse();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
  }
}

/** @param {string} message @returns {never} */
export function fail(message) {
  console.error(`error: ${message}`);
  process.exit(EXIT_USAGE);
}
