import { resolve } from 'node:path';
import {
  PRESETS,
  serverSite,
  type DelayRange,
  type FaultRule,
  type FlagServerOptions,
} from '@concurrent-executors/flags-common/server';
import type { Command } from 'commander';
import { createCommand, portParser, type Options } from './options.ts';

type Label = keyof typeof PRESETS;

/** What to start one server with. */
export interface ServerPlan extends FlagServerOptions {
  readonly label: Label;
  readonly delay: DelayRange;
  readonly errorRate: number;
  readonly faults: readonly FaultRule[];
}

/** A checked command line. */
export interface CommandLine {
  readonly plans: readonly ServerPlan[];
  /** Whether requests are not to be printed. */
  readonly quiet: boolean;
}

const LABELS = ['LOCAL', 'DELAY', 'ERROR'] as const satisfies Label[];

/**
 * @throws {CommanderError} after help or version (exit code 0) and for wrong arguments
 * @throws {ServerPortError} when the environment names a port that is none
 */
export function parseCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): CommandLine {
  const command = createCommand();
  command.parse(args, { from: 'user' });
  const options = command.opts<Options>();
  const port = portOf(command, options);
  const labels = labelsOf(command);
  if (port !== undefined && labels.length !== 1) {
    command.error(
      `--port is for one server, not for ${String(labels.length)}: name the server, as in "slow-server DELAY --port 9001"`,
    );
  }
  return {
    plans: labels.map((label) => planOf(label, port, options, env, command)),
    quiet: options.quiet ?? false,
  };
}

/** An argument that is a number is the port, as in the book. */
function isPort(argument: string): boolean {
  return /^\d+$/.test(argument);
}

function portOf(command: Command, options: Options): number | undefined {
  const ports = command.args.filter(isPort).map(portParser(command, 'PORT'));
  if (options.port !== undefined) ports.push(options.port);
  if (ports.length > 1) {
    command.error(`one port can be given, not ${ports.join(' and ')}`);
  }
  return ports[0];
}

function labelsOf(command: Command): readonly Label[] {
  const named = command.args
    .filter((argument) => !isPort(argument))
    .map(
      (text) =>
        LABELS.find((label) => label === text.toUpperCase()) ??
        command.error(
          `SERVER must be one of DELAY, ERROR, LOCAL, not ${JSON.stringify(text)}`,
        ),
    );
  if (named.length > 0) return [...new Set(named)];
  // The server of the book has one port, and a delay.
  return command.args.some(isPort) ? ['DELAY'] : LABELS;
}

function planOf(
  label: Label,
  port: number | undefined,
  options: Options,
  env: NodeJS.ProcessEnv,
  command: Command,
): ServerPlan {
  const preset = PRESETS[label];
  const delay = {
    min: options.minDelay ?? preset.delay.min,
    max: options.maxDelay ?? preset.delay.max,
  };
  if (delay.min > delay.max) {
    command.error(
      `--min-delay must be <= --max-delay, but ${label} would have ${String(delay.min)} and ${String(delay.max)}: give both`,
    );
  }
  return {
    label,
    delay,
    errorRate: options.errorRate ?? preset.errorRate,
    faults: options.fault ?? [],
    port: port ?? serverSite(label, env).port ?? 0,
    ...(options.bind !== undefined && { host: options.bind }),
    ...(options.directory !== undefined && {
      directory: resolve(options.directory),
    }),
    ...(options.seed !== undefined && { seed: options.seed }),
  };
}
