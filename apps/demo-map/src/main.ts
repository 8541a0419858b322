#!/usr/bin/env node
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { parseCommandLine } from './command-line.ts';
import { run } from './run.ts';

// The status that a shell shows for a program ended by the signal. SIGPIPE, which Node.js
// ignores unless it is asked for, means that nobody reads the output any more. The exit
// ends the worker threads too. Not `once`: another thread may cause a second SIGPIPE while
// the program exits, which would end it by the signal.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE', 'SIGTERM'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]));

try {
  await run(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2; // Commander has said why
  } else {
    console.error(
      `demo-map: error: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exitCode = 1;
  }
}
