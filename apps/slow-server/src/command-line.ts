import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  PRESETS,
  serverSite,
  type DelayRange,
  type FlagServerOptions,
} from '@concurrent-executors/flags-common/server';
import { Command, Option } from 'commander';

type Label = keyof typeof PRESETS;

/** What to start one server with. */
export interface ServerPlan extends FlagServerOptions {
  readonly label: Label;
  readonly delay: DelayRange;
  readonly errorRate: number;
}

/** A checked command line. */
export interface CommandLine {
  readonly plans: readonly ServerPlan[];
  /** Whether requests are not to be printed. */
  readonly quiet: boolean;
}

interface Options {
  readonly bind?: string;
  readonly directory?: string;
  readonly errorRate?: number;
  readonly minDelay?: number;
  readonly maxDelay?: number;
  readonly port?: number;
  readonly seed?: string;
  readonly quiet?: true;
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
  const labels = labelsOf(command);
  const options = command.opts<Options>();
  if (options.port !== undefined && labels.length !== 1) {
    command.error(
      `--port is for one server, not for ${String(labels.length)}: name the server, as in "slow-server DELAY --port 9001"`,
    );
  }
  return {
    plans: labels.map((label) => planOf(label, options, env, command)),
    quiet: options.quiet ?? false,
  };
}

function labelsOf(command: Command): Label[] {
  const labels = command.args.map(
    (text) =>
      LABELS.find((label) => label === text.toUpperCase()) ??
      command.error(
        `SERVER must be one of DELAY, ERROR, LOCAL, not ${JSON.stringify(text)}`,
      ),
  );
  return labels.length === 0 ? [...LABELS] : [...new Set(labels)];
}

function planOf(
  label: Label,
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
    port: options.port ?? serverSite(label, env).port ?? 0,
    ...(options.bind !== undefined && { host: options.bind }),
    ...(options.directory !== undefined && {
      directory: resolve(options.directory),
    }),
    ...(options.seed !== undefined && { seed: options.seed }),
  };
}

function createCommand(): Command {
  const command = new Command('slow-server');
  /** Parses an option's number; commander would tell a wrong one less briefly. */
  const numeric = (
    option: string,
    expected: string,
    pattern: RegExp,
    max = Infinity,
  ) => {
    return (text: string): number => {
      if (pattern.test(text) && Number(text) <= max) return Number(text);
      return command.error(
        `${option} must be ${expected}, not ${JSON.stringify(text)}`,
      );
    };
  };
  const decimal = /^(\d+\.?\d*|\.\d+)$/;
  const seconds = (option: string) =>
    numeric(option, 'a number of seconds, at least 0', decimal);

  return command
    .description(
      'Serves flags at once (LOCAL), with delay (DELAY), and with delay and errors (ERROR).',
    )
    .argument('[SERVER...]', 'LOCAL, DELAY or ERROR (default: all three)')
    .option(
      '-b, --bind <ADDR>',
      'address to listen on (default: 127.0.0.1, this machine only)',
    )
    .option(
      '-d, --directory <DIR>',
      'folder with a folder "flags" to serve (default: 194 flags)',
    )
    .addOption(
      new Option(
        '-e, --error-rate <RATE>',
        'share of requests answered with status 418, 0 to 1 (default: 0.25 for ERROR, else 0)',
      ).argParser(numeric('--error-rate', 'a number from 0 to 1', decimal, 1)),
    )
    .addOption(
      new Option(
        '--min-delay <S>',
        'shortest delay in seconds (default: 0.5; LOCAL: 0)',
      ).argParser(seconds('--min-delay')),
    )
    .addOption(
      new Option(
        '--max-delay <S>',
        'longest delay in seconds (default: 5; LOCAL: 0)',
      ).argParser(seconds('--max-delay')),
    )
    .addOption(
      new Option(
        '-p, --port <N>',
        'port of the one server that was named; 0 takes any free one',
      ).argParser(
        numeric('--port', 'an integer from 0 to 65535', /^\d+$/, 65535),
      ),
    )
    .option('--seed <SEED>', 'makes the delays and errors repeatable')
    .option('-q, --quiet', 'do not print requests')
    .version(version(), '--version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', HELP_FOOTER)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
}

const HELP_FOOTER = `
Servers:
  LOCAL   http://localhost:8000/flags, answers at once
  DELAY   http://localhost:8001/flags, delays each answer by 0.5 to 5 seconds
  ERROR   http://localhost:8002/flags, as DELAY, and a quarter are errors
  FLAGS_LOCAL_PORT, FLAGS_DELAY_PORT and FLAGS_ERROR_PORT change the ports.
  An option holds for every server that is started.

Ctrl-C stops the servers: files being sent may still arrive; a second one ends at once.
Exit status: 1 a server could not be started, 2 wrong arguments, 130 interrupted,
143 terminated.`;

function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }; // our own
  return manifest.version;
}
