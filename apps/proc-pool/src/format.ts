import type { CheckResult, Method } from './check.ts';
import type { Place } from './executors.ts';

/** What is run, as far as it is known at the start. */
export interface Run {
  /** `20 numbers`, `the numbers of FILE`. */
  readonly numbers: string;
  readonly place: Place;
  readonly method: Method;
  readonly asCompleted: boolean;
}

export interface Totals {
  readonly numbers: number;
  readonly primes: number;
  /** From the first submit to the last result, the start of the workers included. */
  readonly seconds: number;
}

/** The same numbers with the same executor: once with all workers, then with one. */
interface Comparison {
  readonly seconds: number;
  readonly secondsWithOne: number;
}

/** The lines of a run, in the order in which they are written. */
export interface Format {
  header(run: Run): string | undefined;
  result(result: CheckResult): string;
  total(totals: Totals, run: Run): string;
  comparison(comparison: Comparison, run: Run): string;
}
