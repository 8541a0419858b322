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
