#!/usr/bin/env node
import { OptionTypeError } from '@concurrent-executors/executor';
import { CommanderError } from 'commander';
import { parseCommandLine } from './command-line.ts';
import { Interruption } from './interruption.ts';
import { run } from './run.ts';

const stop = new AbortController();
/** Whether checks run where they do not end with this program. */
let isElsewhere = false;

/** Ends the program: at once, or when what runs elsewhere has ended. The second time at once. */
function interrupt(signal: NodeJS.Signals): void {
  const interruption = new Interruption(signal);
  if (!isElsewhere || stop.signal.aborted) process.exit(interruption.status);
  stop.abort(interruption);
}

/** Says why the program ends, unless it was said or is plain, and returns the exit status. */
function report(error: unknown): number {
  if (error instanceof Interruption) return error.status;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Error)) throw error;
  console.error(`proc-pool: error: ${error.message}`);
  // The executor of a queue is the one that checks options which are given to the program.
  return error instanceof OptionTypeError ? 2 : 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') interrupt('SIGPIPE');
  else process.exit(report(error));
});

try {
  const settings = parseCommandLine(process.argv.slice(2));
  const { executor } = settings.place;
  isElsewhere = executor === 'bullmq';
  // The executor kills its workers when the program exits: nothing is left running. A check
  // in the main thread would keep a handler waiting; there, the signal itself ends the program.
  if (executor !== 'serial')
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        interrupt(signal);
      });
  await run(settings, stop.signal);
} catch (error) {
  // At once: standard input, which may be open still, would keep the program running.
  process.exit(report(error));
}
