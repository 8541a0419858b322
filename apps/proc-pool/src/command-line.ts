import { availableParallelism } from 'node:os';
import { commandOf, type ParsedOptions } from './command.ts';
import { InputError } from './errors.ts';
import type { Place } from './executors.ts';
import { parseNumber } from './number-text.ts';
import { listed, OWN_NUMBERS, streamed, type Numbers } from './numbers.ts';

type UncheckedOption = 'numbers' | 'file' | 'executor' | 'redis' | 'namespace';

/** A checked command line. */
export interface Settings extends Omit<ParsedOptions, UncheckedOption> {
  readonly place: Place;
  /** @throws {InputError} if they are in a file that cannot be opened */
  openNumbers(): Promise<Numbers>;
}

/** @throws {CommanderError} after help or version (exit code 0), and after a usage error */
export function parseCommandLine(args: readonly string[]): Settings {
  const command = commandOf().parse(args, { from: 'user' });
  const refuse = (message: string) => command.error(`error: ${message}`);
  const options = command.opts<ParsedOptions>();
  const [workers] = command.processedArgs as [number | undefined]; // from parseWorkers
  const given = {
    workers,
    // REDIS_URL may be there for other programs.
    redis: command.getOptionValueSource('redis') === 'cli',
  };

  try {
    const place = placeOf(options, given);
    return { ...options, place, openNumbers: numbersOf(options) };
  } catch (error) {
    if (error instanceof InputError) return refuse(error.message);
    throw error;
  }
}

interface Given {
  readonly workers: number | undefined;
  /** Whether --redis is in the arguments. */
  readonly redis: boolean;
}

/** @throws {InputError} for arguments that do not go together */
function placeOf(
  { executor, speedUp, redis, namespace }: ParsedOptions,
  given: Given,
): Place {
  if (executor === 'bullmq') {
    if (given.workers !== undefined)
      throw new InputError(
        `--executor bullmq takes no number of workers, since each executor-worker has its own; got ${String(given.workers)}`,
      );
    if (speedUp)
      throw new InputError(
        '--speed-up compares with 1 worker: with --executor bullmq it is not known how many there are',
      );
    if (redis === undefined || redis === '')
      throw new InputError(
        '--executor bullmq needs --redis URL or the environment variable REDIS_URL, for instance redis://localhost:6379',
      );
    return { executor, workers: undefined, queue: { redis, namespace } };
  }
  if (given.redis || namespace !== undefined)
    throw new InputError(
      `--${given.redis ? 'redis' : 'namespace'} goes with --executor bullmq only`,
    );
  if (executor === 'serial' && (given.workers ?? 1) > 1)
    throw new InputError(
      `--executor serial has 1 worker, the main thread; got ${String(given.workers)}`,
    );
  const workers = given.workers ?? availableParallelism();
  if (speedUp && (executor === 'serial' || workers === 1))
    throw new InputError(
      '--speed-up compares with 1 worker: expected 2 or more processes or threads, got 1',
    );
  return executor === 'serial'
    ? { executor, workers: 1 }
    : { executor, workers };
}

/** @throws {InputError} for a number that is none, or that the method does not take */
function numbersOf({
  numbers,
  file,
  method,
  asCompleted,
}: ParsedOptions): () => Promise<Numbers> {
  if (file !== undefined) return () => streamed(file, method);
  const values =
    numbers?.map((text) => parseNumber(text.trim(), method)) ??
    (asCompleted ? OWN_NUMBERS : OWN_NUMBERS.toReversed());
  return () => Promise.resolve(listed(values));
}
