import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { POP20, selectCodes } from '../list/countries.ts';
import type { Program, QueueSettings } from '../program.ts';
import type { ServerLabel } from '../servers.ts';
import {
  commandOf,
  FUTURES_SHOWN,
  type Options,
  type PROGRESS,
} from './command.ts';

/** Flags, from a server that is known by its label. */
interface FlagSource {
  readonly kind: 'flags';
  /** Sorted; never empty. */
  readonly codes: readonly string[];
  readonly server: ServerLabel;
  readonly names: boolean;
  /** Whether a missing server may be started. */
  readonly embedded: boolean;
}

/** URLs of a file. */
interface ListSource {
  readonly kind: 'list';
  /** `-` is standard input. */
  readonly file: string;
  readonly limit: number;
}

/** A checked command line. Times are in milliseconds; Infinity is no limit. */
export interface Settings {
  readonly mode: 'report' | 'codes' | 'futures';
  readonly source: FlagSource | ListSource;
  /** Whose workers do the exchanges; undefined for the program itself. */
  readonly queue: QueueSettings | undefined;
  readonly concurrency: number;
  /** Absolute path. */
  readonly directory: string;
  readonly perHost: number;
  readonly rate: number;
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly stallTimeout: number;
  readonly retries: number;
  readonly maxBytes: number;
  /** `none`, a URL, or undefined for what the environment says. */
  readonly proxy: string | undefined;
  readonly refresh: boolean;
  readonly resume: boolean;
  readonly progress: (typeof PROGRESS)[number];
  /** Whether standard output gets one JSON object for each download. */
  readonly log: boolean;
  /** Absolute paths of the files to write. */
  readonly har: string | undefined;
  readonly timeline: string | undefined;
  readonly trace: string | undefined;
}

/** Defaults that differ: flags are small and quick, and the counts are those of the book. */
const DEFAULTS = {
  flags: { timeout: 6100, retries: 0, maxSize: 10_000_000 },
  list: { timeout: Infinity, retries: 3, maxSize: Infinity },
} as const;

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
  const source = sourceOf(options, command.args);
  const defaults = DEFAULTS[source.kind];
  return {
    mode: options.futures ? 'futures' : options.codes ? 'codes' : 'report',
    source,
    // REDIS_URL may be there for other programs.
    queue: queueOf(options, command.getOptionValueSource('redis') === 'cli'),
    concurrency: Math.min(
      options.maxReq ?? program.defaultConcurrency,
      program.maxConcurrency,
      source.kind === 'flags' ? source.codes.length : source.limit,
    ),
    directory: resolve(options.output),
    perHost: options.perHost ?? Infinity,
    rate: options.rate ?? Infinity,
    timeout: options.timeout ?? defaults.timeout,
    connectTimeout: options.connectTimeout,
    stallTimeout: options.stallTimeout,
    retries: options.retries ?? defaults.retries,
    maxBytes: options.maxSize ?? defaults.maxSize,
    proxy: options.proxy,
    refresh: options.refresh ?? false,
    resume: options.resume ?? false,
    progress: options.verbose ? 'lines' : (options.progress ?? 'bar'),
    log: options.log !== undefined,
    har: options.har,
    timeline: options.timeline,
    trace: options.trace,
  };
}

/** @param isRedisGiven whether `--redis` is among the arguments */
function queueOf(
  { executor, redis, namespace, futures }: Options,
  isRedisGiven: boolean,
): QueueSettings | undefined {
  if (executor !== 'bullmq') {
    if (isRedisGiven || namespace !== undefined) {
      throw new UsageError(
        `--${isRedisGiven ? 'redis' : 'namespace'} goes with --executor bullmq only`,
      );
    }
    return undefined;
  }
  if (futures === true) {
    throw new UsageError('--futures goes with --executor thread only');
  }
  if (redis === undefined || redis === '') {
    throw new UsageError(
      '--executor bullmq needs --redis URL or the environment variable REDIS_URL, for instance redis://localhost:6379',
    );
  }
  return { redis, namespace };
}

function sourceOf(
  options: Options,
  args: readonly string[],
): FlagSource | ListSource {
  const { input, limit } = options;
  if (input !== undefined) {
    if (args.length > 0) {
      throw new UsageError('--input goes without country codes', args[0]);
    }
    return { kind: 'list', file: input, limit: limit ?? Infinity };
  }
  const futures = options.futures ?? false;
  const codes = selectCodes({
    codes: futures && args.length === 0 ? POP20.slice(0, FUTURES_SHOWN) : args,
    all: options.all ?? false,
    every: options.every ?? false,
    limit,
  }).slice(0, futures ? FUTURES_SHOWN : undefined);
  return {
    kind: 'flags',
    codes,
    server: options.server,
    names: options.names ?? false,
    embedded: options.embedded,
  };
}

/** The book's spelling of `--max-req`. */
function hyphenated(argument: string): string {
  return argument.replace(/^--max_req(?==|$)/, '--max-req');
}
