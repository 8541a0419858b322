// Imported by the workers too: it must have no side effects.
import { task, taskContext } from '@concurrent-executors/executor/task';
import { isPrime, isPrimeByTrialDivision } from '@concurrent-executors/primes';

export interface CheckResult {
  readonly n: bigint;
  readonly prime: boolean;
  /** How long the check took in the worker, without the wait for one. */
  readonly seconds: number;
  /** The id of the process or the thread that checked it. */
  readonly worker: number;
}

export const METHODS = ['trial-division', 'fast'] as const;
export type Method = (typeof METHODS)[number];

export const checkByTrialDivision = task(
  import.meta.url,
  function checkByTrialDivision(n: bigint): CheckResult {
    return timed(n, isPrimeByTrialDivision);
  },
);

export const checkFast = task(
  import.meta.url,
  function checkFast(n: bigint): CheckResult {
    return timed(n, isPrime);
  },
);

function timed(n: bigint, test: (n: bigint) => boolean): CheckResult {
  const started = performance.now();
  const prime = test(n);
  const seconds = (performance.now() - started) / 1000;
  return { n, prime, seconds, worker: taskContext().workerId };
}
