import {
  asCompleted,
  ProcessPoolExecutor,
  type Executor,
} from '@concurrent-executors/executor';
import { NUMBERS } from '@concurrent-executors/primes';
import { check, type PrimeResult } from './check.ts';
import type { Options } from './command-line.ts';

/** Checks NUMBERS in a pool of processes and prints each result when its turn has come. */
export async function checkNumbers(options: Options): Promise<void> {
  await using pool = new ProcessPoolExecutor(options);
  console.log(
    `Checking ${String(NUMBERS.length)} numbers with ${String(pool.maxWorkers)} processes:`,
  );
  const started = performance.now();
  try {
    for await (const result of options.asCompleted
      ? inOrderOfCompletion(pool)
      : inOrderOfSubmission(pool))
      console.log(line(result));
  } catch (error) {
    // Without it the end of the block would wait for the checks that are left.
    await pool.terminateWorkers();
    throw error;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  console.log(
    options.asCompleted
      ? `${String(NUMBERS.length)} checks in ${seconds}s`
      : `Total time: ${seconds}s`,
  );
}

/**
 * Largest number first: the second one takes longest, and holds back the results behind
 * it, although most of them are there before.
 */
function inOrderOfSubmission(pool: Executor): AsyncIterable<PrimeResult> {
  return pool.map(check, NUMBERS.map(({ n }) => n).reverse());
}

/** Smallest number first; each result when it is there. */
async function* inOrderOfCompletion(
  pool: Executor,
): AsyncIterable<PrimeResult> {
  const futures = NUMBERS.map(({ n }) => pool.submit(check, n));
  for await (const future of asCompleted(futures)) yield future.result();
}

function line({ n, prime, seconds }: PrimeResult): string {
  return `${String(n).padStart(16)}  ${prime ? 'P' : ' '} ${seconds.toFixed(6).padStart(9)}s`;
}
