import {
  observationOptions,
  type ObservationOptions,
} from '@concurrent-executors/pool-view';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { EXECUTOR_NAMES, type ExecutorName } from './executors.ts';

const ORDERS = ['submitted', 'completed'] as const;

export interface Options extends ObservationOptions {
  readonly executor: ExecutorName;
  readonly workers: number;
  /** In seconds. */
  readonly durations: readonly number[];
  /** Of the results: as `map` gives them, or as `asCompleted` does. */
  readonly order: (typeof ORDERS)[number];
  /** Whether to draw a chart at the end. */
  readonly gantt: boolean;
}

const DEFAULT_DURATIONS = [0, 1, 2, 3, 4];
const DEFAULT_WORKERS = 3;
const MAX_DURATION = 24 * 60 * 60; // a day, safely below what a timer can count
const MAX_WORKERS = 100; // each may be a process

const EXAMPLES = `
Examples:
  demo-map                               the run of the book: five tasks, three threads
  demo-map --workers 1 1 1 1             no two at once
  demo-map 4 1 1 1 --order completed     results as they come, not in order
  demo-map --executor async --workers 5  all at once in one event loop
  demo-map --live --timeline run.html    watch the threads, and look at the run later`;

/** @throws {CommanderError} after --help (exit code 0) and after a usage error. */
export function parseCommandLine(args: readonly string[]): Options {
  const command = observationOptions(
    new Command('demo-map')
      .description(
        'Shows when Executor.map runs each task. Workers run loiter(seconds) for each duration; the results come in the order of the durations.',
      )
      .addArgument(
        new Argument(
          '[seconds...]',
          `how long each task does nothing (default: ${DEFAULT_DURATIONS.join(' ')})`,
        ).argParser((text, earlier: readonly number[] | undefined) => [
          ...(earlier ?? []),
          parseDuration(text),
        ]),
      )
      .addOption(
        new Option('--executor <kind>', 'what runs the tasks')
          .choices(EXECUTOR_NAMES)
          .default('thread'),
      )
      .addOption(
        new Option(
          '--workers <number>',
          `how many tasks run at once (default: ${String(DEFAULT_WORKERS)}; serial: 1)`,
        ).argParser(parseWorkers),
      )
      .addOption(
        new Option(
          '--order <order>',
          'of the results: as submitted (Executor.map), or as completed (asCompleted)',
        )
          .choices(ORDERS)
          .default('submitted'),
      )
      .option(
        '--gantt',
        'draw when each task has run, and where (default: if standard output is a terminal)',
      )
      .option('--no-gantt', 'do not draw it'),
  )
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      // Commander puts its suggestion on a line of its own.
      outputError(message, write) {
        write(`demo-map: ${message.trim().replaceAll('\n', ' ')}\n`);
      },
    })
    .exitOverride()
    .parse(args, { from: 'user' });
  const { workers, gantt, ...options } = command.opts<
    Omit<Options, 'workers' | 'durations' | 'gantt'> & {
      workers?: number;
      gantt?: boolean;
    }
  >();
  if (options.executor === 'serial' && workers !== undefined && workers > 1)
    command.error(
      "error: option '--workers <number>' must be 1 with '--executor serial', which runs one task after the other.",
    );
  const [durations] = command.processedArgs as [readonly number[]]; // from the parser above
  return {
    ...options,
    workers: workers ?? DEFAULT_WORKERS,
    durations: durations.length > 0 ? durations : DEFAULT_DURATIONS,
    gantt: gantt ?? process.stdout.isTTY,
  };
}

function parseDuration(text: string): number {
  const seconds = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || seconds > MAX_DURATION)
    throw new InvalidArgumentError(
      `Expected a number of seconds from 0 to ${String(MAX_DURATION)}, such as 0.5.`,
    );
  return seconds;
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > MAX_WORKERS)
    throw new InvalidArgumentError(
      `Expected an integer from 1 to ${String(MAX_WORKERS)}.`,
    );
  return workers;
}
