/**
 * How many tasks of an executor are in which state.
 *
 * submitted = pending + running + finished + cancelled
 */
export interface Stats {
  /** All that were accepted. */
  readonly submitted: number;
  /** They have not started. */
  readonly pending: number;
  readonly running: number;
  /** They have returned or thrown, or their worker has ended. */
  readonly finished: number;
  /** Those of the finished ones that failed. */
  readonly failed: number;
  readonly cancelled: number;
  /** Workers that exist now; 0 for the executors of this event loop. */
  readonly workers: number;
  /** Workers that run a task now. */
  readonly busyWorkers: number;
}

/** The counts behind Stats. Each job keeps them up to date. */
export class Tally {
  submitted = 0;
  running = 0;
  finished = 0;
  failed = 0;
  cancelled = 0;

  get pending(): number {
    return this.submitted - this.running - this.finished - this.cancelled;
  }
}
