#!/usr/bin/env node
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { parseCommandLine } from './command-line.ts';
import { run } from './run.ts';

/** What a shell shows for a program that the signal has ended. */
function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Says why the program ends, unless it was said or is plain, and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Error)) throw error;
  if ('code' in error && error.code === 'EPIPE') return statusOf('SIGPIPE');
  console.error(`proc-pool: error: ${error.message}`);
  return 1;
}

process.stdout.on('error', (error) => process.exit(report(error)));

try {
  const settings = parseCommandLine(process.argv.slice(2));
  // The executor kills its workers when the program exits: nothing is left running. A check
  // in the main thread would keep a handler waiting; there, the signal itself ends the program.
  if (settings.executor !== 'serial')
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => process.exit(statusOf(signal)));
  await run(settings);
} catch (error) {
  // At once: standard input, which may be open still, would keep the program running.
  process.exit(report(error));
}
