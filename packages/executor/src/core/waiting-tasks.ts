import { setImmediate } from 'node:timers';
import { DeadlockError } from './errors.ts';
import type { Job } from './job.ts';
import { TaskRun } from './task-context.ts';

/** A run that takes one place of an executor until it ends. */
export class PlacedRun extends TaskRun {
  /** The places that it takes one of; undefined once it has ended. */
  places: WaitingTasks | undefined;
}

/** A job of the executor. */
export interface WaitedFor extends Job {
  /** Whether it needs a place to go on. */
  readonly isQueued: boolean;
  /** Fails it before it is run. */
  giveUp(error: DeadlockError): void;
}

/**
 * Finds deadlocks: all places of an executor are taken by tasks that wait for
 * tasks of the same executor, so that none of these can ever start. Then the
 * queued one that was awaited last fails; that lets the others go on.
 *
 * A task counts as waiting while a future that it awaits is not done. That it
 * waits for something else as well, as with Promise.race, cannot be seen.
 */
export class WaitingTasks {
  readonly #executor: string;
  readonly #maxWorkers: number;
  /** How many futures of this executor each run waits for. */
  readonly #waiting = new Map<PlacedRun, number>();
  /** Not done; the one that was awaited last is last. */
  readonly #awaited = new Set<WaitedFor>();
  #checking = false;

  constructor(executor: string, maxWorkers: number) {
    this.#executor = executor;
    this.#maxWorkers = maxWorkers;
  }

  /** The run awaits the future of a job. */
  add(run: PlacedRun, job: WaitedFor): void {
    this.#waiting.set(run, (this.#waiting.get(run) ?? 0) + 1);
    this.#awaited.delete(job);
    this.#awaited.add(job);
    job.future.addDoneCallback(() => {
      this.#awaited.delete(job);
      const count = this.#waiting.get(run);
      if (count === 1) this.#waiting.delete(run);
      else if (count !== undefined) this.#waiting.set(run, count - 1);
    });
    this.#checkSoon();
  }

  /** The run has ended, whatever it still awaited. */
  end(run: PlacedRun): void {
    run.places = undefined;
    this.#waiting.delete(run);
  }

  #checkSoon(): void {
    if (this.#checking || this.#waiting.size < this.#maxWorkers) return;
    this.#checking = true;
    // A task that only starts a wait, and ends without it, has ended by then.
    setImmediate(() => {
      this.#checking = false;
      this.#check();
    });
  }

  #check(): void {
    if (this.#waiting.size < this.#maxWorkers) return;
    const stuck = [...this.#awaited].filter((job) => job.isQueued);
    // Its limit ends the wait.
    if (stuck.some(({ options }) => options.queueTimeout !== undefined)) return;
    const job = stuck.at(-1);
    if (job === undefined) return;
    job.giveUp(
      new DeadlockError(
        `task ${job.name} can never start: ${this.#executor} has maxWorkers ${String(this.#maxWorkers)}, and each task that runs waits for another task of the same executor; raise maxWorkers, use another executor for ${job.name}, or call the function itself`,
      ),
    );
    this.#checkSoon();
  }
}
