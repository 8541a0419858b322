import { NUMBERS } from '@concurrent-executors/primes';
import type { Method } from './check.ts';
import { nameOf, openNumberFile } from './number-file.ts';

/** The numbers of one run, in order. */
export interface Numbers {
  /** `20 numbers`, `the numbers of FILE`. */
  readonly description: string;
  /** How many; undefined as long as it is not known. */
  readonly count: number | undefined;
  readonly values: Iterable<bigint> | AsyncIterable<bigint>;
}

/** The program's own, those of the book, ascending. */
export const OWN_NUMBERS: readonly bigint[] = NUMBERS.map(({ n }) => n);

export function listed(values: readonly bigint[]): Numbers {
  const { length } = values;
  const description = `${String(length)} ${length === 1 ? 'number' : 'numbers'}`;
  return { description, count: length, values };
}

/**
 * The numbers of a file, which are read while they are checked.
 *
 * @param file `-` is standard input
 * @throws {InputError} when it cannot be opened
 */
export async function streamed(file: string, method: Method): Promise<Numbers> {
  return {
    description: `the numbers of ${nameOf(file)}`,
    count: undefined,
    values: await openNumberFile(file, method),
  };
}

/** All of them in memory, so that they can be checked twice. */
export async function held(numbers: Numbers): Promise<Numbers> {
  const values: bigint[] = [];
  for await (const n of numbers.values) values.push(n);
  return listed(values);
}
