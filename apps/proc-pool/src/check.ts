// Imported by the worker processes too: it must have no side effects.
import { task } from '@concurrent-executors/executor/task';
import { isPrimeByTrialDivision } from '@concurrent-executors/primes';

export interface PrimeResult {
  readonly n: bigint;
  readonly prime: boolean;
  /** How long the check took in the worker, without the wait for one. */
  readonly seconds: number;
}

export const check = task(
  import.meta.url,
  function check(n: bigint): PrimeResult {
    const started = performance.now();
    const prime = isPrimeByTrialDivision(n);
    return { n, prime, seconds: (performance.now() - started) / 1000 };
  },
);
