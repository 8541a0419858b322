#!/usr/bin/env node
import { constants } from 'node:os';
import {
  FlagServerDirectoryError,
  FlagServerListenError,
  FlagServerOptionError,
  ServerPortError,
  startFlagServer,
  type FlagServer,
} from '@concurrent-executors/flags-common/server';
import { CommanderError } from 'commander';
import {
  parseCommandLine,
  type CommandLine,
  type ServerPlan,
} from './command-line.ts';
import { requestLine, serverLine } from './lines.ts';

const running: FlagServer[] = [];

async function closeAll(): Promise<void> {
  await Promise.all(running.map((server) => server.close()));
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const status = 128 + constants.signals[signal];
    if (stopping) process.exit(status);
    stopping = true;
    void closeAll().then(() => process.exit(status));
  });
}

// Whoever read the output wants no more of it, as in `slow-server | head -5`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.stderr.on('error', () => undefined);

function fail(message: string, status: 1 | 2): void {
  console.error(`slow-server: error: ${message.replaceAll('\n', ' ')}`);
  process.exitCode = status;
}

function readCommandLine(): CommandLine | undefined {
  try {
    return parseCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) fail(error.message.replace(/^error: /, ''), 2);
    } else if (error instanceof ServerPortError) {
      fail(error.message, 2);
    } else {
      throw error;
    }
    return undefined;
  }
}

/** Starts all servers or none. */
async function serve({ plans, quiet }: CommandLine): Promise<void> {
  const lines: string[] = [];
  for (const plan of plans) {
    // With several servers each line tells whose request it was.
    const prefix = plans.length > 1 ? `${plan.label} ` : '';
    try {
      const server = await startFlagServer({
        ...plan,
        ...(!quiet && {
          onRequest: (request) => {
            console.log(prefix + requestLine(request));
          },
        }),
      });
      running.push(server);
      lines.push(serverLine(plan, server));
    } catch (error) {
      await closeAll();
      failToStart(plan, error);
      return;
    }
  }
  console.log(lines.join('\n'));
}

function failToStart({ label }: ServerPlan, error: unknown): void {
  if (error instanceof FlagServerListenError) {
    fail(`${label}: ${error.message} (FLAGS_${label}_PORT=N)`, 1);
  } else if (error instanceof FlagServerDirectoryError) {
    fail(error.message, 1);
  } else if (error instanceof FlagServerOptionError) {
    fail(`${label}: ${error.message}`, 2);
  } else {
    throw error;
  }
}

const commandLine = readCommandLine();
if (commandLine) await serve(commandLine);
