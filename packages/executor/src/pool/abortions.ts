import type { PoolJob } from './job.ts';

/**
 * How long a worker has to answer while jobs beside an aborted one still run, in
 * milliseconds. One that does not is blocked, and these jobs with it.
 */
const LOOP_PATIENCE = 1_000;

/** What the worker of the aborted jobs can do. */
interface AbortingWorker {
  /** Tells it to abort the signal of the task, again as a question whether its loop turns. */
  tell(id: number, reason: unknown): void;
  /** It gets no more jobs: one that it has does not end. */
  retire(): void;
  terminate(): void;
  /** How many jobs run in it. */
  running(): number;
}

/** An abort that the worker was told of and that has not ended its task yet. */
interface Abortion {
  readonly id: number;
  readonly reason: unknown;
  /** Whether the grace period is over. */
  overdue: boolean;
  /** Whether the worker has answered since it was last told. */
  answered: boolean;
  /** The end of the grace period, then of the patience with the event loop. */
  timer: NodeJS.Timeout | undefined;
}

/**
 * The aborted jobs of one worker. A task that does not end by its signal is
 * ended with its worker. Other jobs of the worker may end first, unless the task
 * blocks them, too.
 */
export class Abortions {
  readonly #worker: AbortingWorker;
  readonly #grace: number;
  readonly #abortions = new Map<PoolJob, Abortion>();

  /** @param grace how long an aborted task may take to end by itself, in milliseconds */
  constructor(worker: AbortingWorker, grace: number) {
    this.#worker = worker;
    this.#grace = grace;
  }

  /** @param id by which the worker knows it */
  add(job: PoolJob, id: number, reason: unknown): void {
    const abortion: Abortion = {
      id,
      reason,
      overdue: false,
      answered: false,
      timer: undefined,
    };
    this.#abortions.set(job, abortion);
    this.#worker.tell(id, reason);
    abortion.timer = setTimeout(() => {
      abortion.overdue = true;
      this.#worker.retire();
      if (!this.#terminateIfOnlyOverdue()) this.#watchLoop(abortion);
    }, this.#grace);
  }

  answered(id: number): void {
    for (const abortion of this.#abortions.values()) {
      if (abortion.id === id) abortion.answered = true;
    }
  }

  /** The job is not in the worker any more. */
  remove(job: PoolJob): void {
    if (this.#abortions.size === 0) return; // as for almost all jobs
    clearTimeout(this.#abortions.get(job)?.timer);
    this.#abortions.delete(job);
    this.#terminateIfOnlyOverdue();
  }

  /** The worker has ended. */
  clear(): void {
    for (const { timer } of this.#abortions.values()) clearTimeout(timer);
    this.#abortions.clear();
  }

  /** Lets the other jobs of the worker end, as long as its event loop turns. */
  #watchLoop(abortion: Abortion): void {
    abortion.timer = setTimeout(() => {
      if (!abortion.answered) {
        this.#worker.terminate();
      } else {
        abortion.answered = false;
        this.#worker.tell(abortion.id, abortion.reason);
        this.#watchLoop(abortion);
      }
    }, LOOP_PATIENCE);
  }

  /** Nothing but tasks that do not end is left in the worker. */
  #terminateIfOnlyOverdue(): boolean {
    const overdue = [...this.#abortions.values()].filter((a) => a.overdue);
    if (overdue.length === 0 || overdue.length < this.#worker.running()) {
      return false;
    }
    this.#worker.terminate();
    return true;
  }
}
