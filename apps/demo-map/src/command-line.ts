import { Argument, Command, InvalidArgumentError, Option } from 'commander';

export interface Options {
  readonly workers: number;
  /** In seconds. */
  readonly durations: readonly number[];
}

const DEFAULT_DURATIONS = [0, 1, 2, 3, 4];
const MAX_DURATION = 24 * 60 * 60; // a day, safely below what a timer can count
const MAX_WORKERS = 100; // each is a thread with a heap of its own

/** @throws {CommanderError} after --help (exit code 0) and after a usage error. */
export function parseCommandLine(args: readonly string[]): Options {
  const command = new Command('demo-map')
    .description(
      'Shows when Executor.map runs each task. Threads run loiter(seconds) for each duration; the results come in the order of the durations.',
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
      new Option('--workers <number>', 'number of threads')
        .argParser(parseWorkers)
        .default(3),
    )
    .configureOutput({
      // Commander puts its suggestion on a line of its own.
      outputError(message, write) {
        write(`demo-map: ${message.trim().replaceAll('\n', ' ')}\n`);
      },
    })
    .exitOverride()
    .parse(args, { from: 'user' });
  const { workers } = command.opts<{ workers: number }>();
  const [durations] = command.processedArgs as [readonly number[]]; // from the parser above
  return {
    workers,
    durations: durations.length > 0 ? durations : DEFAULT_DURATIONS,
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
      `Expected an integer from 1 to ${String(MAX_WORKERS)} (each worker is a thread).`,
    );
  return workers;
}
