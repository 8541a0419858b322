import { availableParallelism } from 'node:os';
import { commandOf, type ParsedOptions } from './command.ts';
import { InputError } from './errors.ts';
import { parseNumber } from './number-text.ts';
import { listed, OWN_NUMBERS, streamed, type Numbers } from './numbers.ts';

/** A checked command line. */
export interface Settings extends Omit<ParsedOptions, 'numbers' | 'file'> {
  readonly workers: number;
  /** @throws {InputError} if they are in a file that cannot be opened */
  openNumbers(): Promise<Numbers>;
}

/** @throws {CommanderError} after help or version (exit code 0), and after a usage error */
export function parseCommandLine(args: readonly string[]): Settings {
  const command = commandOf().parse(args, { from: 'user' });
  const refuse = (message: string) => command.error(`error: ${message}`);
  const options = command.opts<ParsedOptions>();
  const [given] = command.processedArgs as [number | undefined]; // from parseWorkers
  const { executor, speedUp } = options;

  if (executor === 'serial' && (given ?? 1) > 1)
    refuse(
      `--executor serial has 1 worker, the main thread; got ${String(given)}`,
    );
  const workers = executor === 'serial' ? 1 : (given ?? availableParallelism());
  if (speedUp && workers === 1)
    refuse(
      '--speed-up compares with 1 worker: expected 2 or more processes or threads, got 1',
    );

  try {
    return { ...options, workers, openNumbers: numbersOf(options) };
  } catch (error) {
    if (error instanceof InputError) return refuse(error.message);
    throw error;
  }
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
