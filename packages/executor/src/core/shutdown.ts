import { ExecutorShutdownError } from './errors.ts';
import type { Job } from './job.ts';

export interface ShutdownOptions {
  /** Cancel the tasks that have not started. Default: false, they still run. */
  readonly cancelFutures?: boolean;
  /**
   * Milliseconds that the tasks have. Then those that have not started are
   * cancelled, those that run are aborted, and workers that do not end by that
   * are killed. Default: no limit.
   */
  readonly timeout?: number;
}

/** What did not end by itself in a shutdown. */
export interface ShutdownReport {
  /** How many tasks that had not started were cancelled. */
  readonly cancelled: number;
  /** How many tasks that ran were aborted. */
  readonly aborted: number;
  /** The workers that were killed: `'thread 3'`, `'process 4711'`. */
  readonly killed: readonly string[];
  /**
   * How many tasks still run, since nothing could end them: tasks of this event
   * loop that do not heed their signal. Always 0 without `timeout`.
   */
  readonly unfinished: number;
}

/** The shutdown of one executor: counts what it has to end. */
export class Shutdown {
  #cancelled = 0;
  #aborted = 0;

  /** Cancels what has not started. */
  cancel(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (job.future.done) continue;
      if (job.future.cancel()) this.#cancelled += 1;
      else this.#countLater(job);
    }
  }

  /** Cancels what has not started, and aborts the rest. */
  abort(jobs: readonly Job[], reason: unknown): void {
    for (const job of jobs) {
      const { future } = job;
      if (future.done) continue;
      future.abort(reason);
      if (future.cancelled) this.#cancelled += 1;
      else if (!this.#countLater(job)) this.#aborted += 1;
    }
  }

  /** Of a future that is pending yet, it is not known whether its task was withdrawn. */
  #countLater(job: Job): boolean {
    if (job.future.state !== 'pending') return false;
    job.future.addDoneCallback(({ cancelled }) => {
      if (cancelled) this.#cancelled += 1;
      else if (job.abortError !== undefined) this.#aborted += 1;
    });
    return true;
  }

  report(killed: readonly string[], unfinished: number): ShutdownReport {
    return {
      cancelled: this.#cancelled,
      aborted: this.#aborted,
      killed,
      unfinished,
    };
  }
}

/** What `submit` throws when an executor accepts no tasks any more. */
export function shutdownError(
  name: string,
  method: string,
): ExecutorShutdownError {
  return new ExecutorShutdownError(
    `${name} accepts no tasks after ${method}; make a new one`,
  );
}
