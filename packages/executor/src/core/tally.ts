import type { ExecutorInfo } from './events.ts';
import { Latency, type LatencySummary } from './latency.ts';

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
  /**
   * How long tasks waited before they started, and how long they took from the submit
   * to the end. Undefined without the option `measureLatency`.
   */
  readonly waiting: LatencySummary | undefined;
  readonly latency: LatencySummary | undefined;
}

/** The counts behind Stats. Each job keeps them up to date. */
export class Tally {
  readonly waiting: Latency | undefined;
  readonly latency: Latency | undefined;
  readonly #describe: () => ExecutorInfo;
  #executor: ExecutorInfo | undefined;
  submitted = 0;
  running = 0;
  finished = 0;
  failed = 0;
  cancelled = 0;

  /** @param describe is called once, when something is told of the executor */
  constructor(describe: () => ExecutorInfo, measuresLatency = false) {
    this.#describe = describe;
    if (!measuresLatency) return;
    this.waiting = new Latency();
    this.latency = new Latency();
  }

  /** The executor, in events. */
  get executor(): ExecutorInfo {
    return (this.#executor ??= this.#describe());
  }

  get pending(): number {
    return this.submitted - this.running - this.finished - this.cancelled;
  }
}
