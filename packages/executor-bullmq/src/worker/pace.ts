/** As many milliseconds of work may wait here for each thread. */
const AHEAD = 4;

/** And as many tasks: a task that waits here has a lock that must be renewed. */
const MAX_AHEAD = 96;

/** The part of the newest run in the mean. */
const WEIGHT = 1 / 16;

/**
 * How many jobs to take before a thread is free for them. Asking Redis for a job takes as
 * long as many a task, so short ones are asked for ahead; of long ones, as many as run.
 */
export class Pace {
  readonly #threads: number;
  /** The mean duration of runs, in milliseconds. Until one is known they count as long. */
  #mean = AHEAD;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** How many jobs may be here at once. */
  get jobs(): number {
    const ahead = Math.min(Math.floor(AHEAD / this.#mean), MAX_AHEAD);
    // Until then one job is as much as there is time for.
    return this.#threads * (ahead > 1 ? 1 + ahead : 1);
  }

  /** @param duration of a run, in milliseconds */
  ran(duration: number): void {
    // One long task among short ones is enough to take no more ahead.
    this.#mean =
      duration > AHEAD
        ? AHEAD
        : this.#mean + (Math.max(duration, 0.01) - this.#mean) * WEIGHT;
  }
}
