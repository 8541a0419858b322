import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { POP20, selectCodes } from './countries.ts';
import { UsageError } from './errors.ts';
import { parseJson } from './json.ts';
import type { Program } from './program.ts';
import { SERVER_LABELS, type ServerLabel } from './servers.ts';

/** A checked command line. */
export interface Settings {
  readonly mode: 'report' | 'codes' | 'futures';
  /** Sorted; never empty. */
  readonly codes: readonly string[];
  readonly concurrency: number;
  readonly server: ServerLabel;
  /** In milliseconds. */
  readonly timeout: number;
  /** Absolute path. */
  readonly directory: string;
  readonly names: boolean;
  readonly verbose: boolean;
  /** Whether a missing server may be started. */
  readonly embedded: boolean;
}

interface Options {
  all?: true;
  every?: true;
  limit?: number;
  maxReq?: number;
  server: ServerLabel;
  verbose?: true;
  codes?: true;
  futures?: true;
  names?: true;
  timeout: number;
  output: string;
  embedded: boolean;
}

/** So many downloads show every state of a future when three workers run them. */
const FUTURES_SHOWN = 5;

/** In seconds: a day. */
const MAX_TIMEOUT = 86_400;

/**
 * Reads the arguments of a flags program.
 *
 * @throws {UsageError} for arguments that make no sense
 * @throws {CommanderError} with exit code 0 once help or version was printed
 */
export function parseCommandLine(
  program: Program,
  argv: readonly string[],
): Settings {
  const command = commandOf(program);
  try {
    command.parse(argv.map(hyphenated), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    throw new UsageError(error.message.replace(/^error: /, ''));
  }
  const options = command.opts<Options>();
  const futures = options.futures ?? false;
  const codes = selectCodes({
    codes:
      futures && command.args.length === 0
        ? POP20.slice(0, FUTURES_SHOWN)
        : command.args,
    all: options.all ?? false,
    every: options.every ?? false,
    limit: options.limit,
  }).slice(0, futures ? FUTURES_SHOWN : undefined);
  return {
    mode: futures ? 'futures' : options.codes ? 'codes' : 'report',
    codes,
    concurrency: Math.min(
      options.maxReq ?? program.defaultConcurrency,
      program.maxConcurrency,
      codes.length,
    ),
    server: options.server,
    timeout: options.timeout,
    directory: resolve(options.output),
    names: options.names ?? false,
    verbose: options.verbose ?? false,
    embedded: options.embedded,
  };
}

function commandOf(program: Program): Command {
  const { defaultConcurrency, maxConcurrency } = program;
  const command = new Command(program.name)
    .description(
      'Download flags for country codes. Default: top 20 countries by population.',
    )
    .argument('[CC...]', 'country code or 1st letter (e.g. B for BA...BZ)')
    .option('-a, --all', 'get all available flags (AD to ZW)')
    .option('-e, --every', 'get flags for every possible code (AA...ZZ)')
    .option('-l, --limit <N>', 'limit to N first codes', integer('--limit'))
    .addOption(
      new Option(
        '-m, --max-req <N>',
        `maximum concurrent requests (default: ${String(defaultConcurrency)}, maximum: ${String(maxConcurrency)}); also --max_req`,
      ).argParser(integer('--max-req')),
    )
    .addOption(
      new Option(
        '-s, --server <LABEL>',
        `server to hit; one of ${SERVER_LABELS.join(', ')}`,
      )
        .argParser(serverLabel)
        .default('LOCAL', 'LOCAL'),
    )
    .option('-v, --verbose', 'show every download instead of a progress bar')
    .addOption(
      new Option(
        '--codes',
        'show only the codes as they are downloaded; stop at the first error',
      ).conflicts('verbose'),
    )
    .option('--names', "save under the country's name instead of its code")
    .addOption(
      new Option('--timeout <S>', 'time limit for each download, in seconds')
        .argParser(milliseconds)
        .default(6100, '6.1'),
    )
    .addOption(
      new Option('--output <DIR>', 'folder to save the flags in')
        .argParser(folder)
        .default('downloaded', './downloaded'),
    )
    .option('--no-embedded', 'fail if the server is down; do not start one')
    .version(version(), '--version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', HELP_FOOTER)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  if (program.showFutures !== undefined) {
    command.addOption(
      new Option(
        '--futures',
        `show the futures of the first ${String(FUTURES_SHOWN)} downloads, on 3 workers`,
      ).conflicts(['codes', 'maxReq', 'verbose']),
    );
  }
  return command;
}

const HELP_FOOTER = `
Servers:
  LOCAL   http://localhost:8000/flags, answers at once
  DELAY   http://localhost:8001/flags, delays each answer by 0.5 to 5 seconds
  ERROR   http://localhost:8002/flags, as DELAY, and a quarter are errors
  REMOTE  https://www.fluentpython.com/data/flags; please be gentle
  If LOCAL, DELAY or ERROR is down, it is started and stopped with the program.
  FLAGS_LOCAL_PORT, FLAGS_DELAY_PORT and FLAGS_ERROR_PORT change the ports.

Exit status: 0 every code was found or not found, 1 some downloads failed or
nothing could be done, 2 wrong arguments, 130 interrupted.

Under "nx run", use -v: Nx keeps --verbose for itself.`;

/** The book's spelling of `--max-req`. */
function hyphenated(argument: string): string {
  return argument.replace(/^--max_req(?==|$)/, '--max-req');
}

function integer(option: string): (value: string) => number {
  return (value) => {
    if (!/^[+-]?\d+$/.test(value)) {
      throw new UsageError(`${option} must be an integer`, value);
    }
    if (Number(value) < 1)
      throw new UsageError(`${option} must be >= 1`, value);
    return Number(value);
  };
}

function serverLabel(value: string): ServerLabel {
  const label = SERVER_LABELS.find((known) => known === value.toUpperCase());
  if (label === undefined) {
    throw new UsageError(
      `--server must be one of ${SERVER_LABELS.join(', ')}`,
      value,
    );
  }
  return label;
}

function milliseconds(value: string): number {
  const timeout = Math.round(Number(value) * 1000);
  if (!(timeout >= 1 && timeout <= MAX_TIMEOUT * 1000)) {
    throw new UsageError(
      `--timeout must be a number of seconds from 0.001 to ${String(MAX_TIMEOUT)}`,
      value,
    );
  }
  return timeout;
}

function folder(value: string): string {
  if (value === '') throw new UsageError('--output must name a folder', value);
  return value;
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url));
  return String(parseJson(manifest)?.['version']);
}
