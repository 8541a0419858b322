import type { Job } from '../core/job.ts';
import { KeyedJobs } from './keyed-jobs.ts';

/**
 * The jobs that wait: higher priorities first, equal ones first in, first out.
 *
 *   push ──> door ──> levels ──> shift
 *             └─ only while the levels hold `limit` jobs
 *
 * A job that was cancelled or timed out stays until it reaches the front and is
 * skipped there: to take it out of the middle would cost a search.
 */
export class JobQueue<J extends Job> {
  /** One for each priority that was seen, the highest first. Most queues have one. */
  readonly #levels: Level<J>[] = [];
  /** Jobs beyond the limit, in the order in which they came. */
  readonly #door = new Level<J>(0);
  readonly #keyed = new KeyedJobs<J>();
  /** The jobs in the levels that are not done. */
  readonly #inside = new Set<Job>();
  readonly #limit: number;
  readonly #onLeft: () => void;

  /**
   * @param limit how many jobs may be inside
   * @param onLeft called after a job that came through here is done: there may be
   *   room, or one that waited for it may go
   */
  constructor(limit = Infinity, onLeft: () => void = () => undefined) {
    this.#limit = limit;
    this.#onLeft = onLeft;
  }

  /** How many more jobs may come inside. */
  get room(): number {
    return this.#door.peek() === undefined
      ? this.#limit - this.#inside.size
      : 0;
  }

  /** Whether jobs of different priorities have come. */
  get hasPriorities(): boolean {
    return this.#levels.length > 1;
  }

  push(job: J): void {
    job.home = this;
    if (!this.#keyed.isBehind(job)) this.#add(job);
  }

  /** Puts jobs that were handed out and are to run, or run again, to the front. */
  unshift(jobs: readonly J[]): void {
    for (const job of jobs.toReversed()) {
      job.home = this;
      this.#inside.add(job);
      this.#level(job.options.priority ?? 0).unshift(job);
    }
  }

  /** The next job that is not done. It stays in the queue. */
  peek(): J | undefined {
    return this.#front()?.peek();
  }

  /** Takes the next job that is not done. */
  shift(): J | undefined {
    const level = this.#front();
    const job = level?.peek();
    if (job === undefined) return undefined;
    level?.drop();
    this.#inside.delete(job);
    this.#admit();
    return job;
  }

  /** All jobs that are not done, in no certain order. They stay. */
  jobs(): J[] {
    return [
      ...this.#levels.flatMap((level) => level.jobs()),
      ...this.#door.jobs(),
      ...this.#keyed.jobs(),
    ];
  }

  /** Called by a job that came through here and is done now. */
  left(job: Job): void {
    const next = this.#keyed.release(job);
    if (next !== undefined) this.#add(next);
    if (this.#inside.delete(job)) this.#admit();
    this.#onLeft();
  }

  #add(job: J): void {
    if (this.room > 0) this.#enter(job);
    else this.#door.push(job);
  }

  #front(): Level<J> | undefined {
    for (const level of this.#levels) {
      if (level.peek() !== undefined) return level;
    }
    // With a limit of 0 nothing comes inside; what can start at once passes by.
    return this.#door.peek() === undefined ? undefined : this.#door;
  }

  #admit(): void {
    while (this.#inside.size < this.#limit) {
      const job = this.#door.peek();
      if (job === undefined) return;
      this.#door.drop();
      this.#enter(job);
    }
  }

  #enter(job: J): void {
    this.#inside.add(job);
    this.#level(job.options.priority ?? 0).push(job);
  }

  #level(priority: number): Level<J> {
    const [first] = this.#levels;
    if (first?.priority === priority) return first;
    let index = this.#levels.findIndex((level) => level.priority <= priority);
    if (index === -1) index = this.#levels.length;
    const found = this.#levels[index];
    if (found?.priority === priority) return found;
    const level = new Level<J>(priority);
    this.#levels.splice(index, 0, level);
    return level;
  }
}

/** The jobs of one priority, first in, first out. */
class Level<J extends Job> {
  readonly priority: number;
  #jobs: (J | undefined)[] = [];
  #head = 0;

  constructor(priority: number) {
    this.priority = priority;
  }

  push(job: J): void {
    this.#jobs.push(job);
  }

  unshift(job: J): void {
    if (this.#head > 0) this.#jobs[--this.#head] = job;
    else this.#jobs.unshift(job);
  }

  peek(): J | undefined {
    while (this.#head < this.#jobs.length) {
      const job = this.#jobs[this.#head];
      if (job?.home !== undefined) return job;
      this.drop();
    }
    return undefined;
  }

  /** Removes the front. The free part is cut off once it is half of the array: amortised O(1). */
  drop(): void {
    this.#jobs[this.#head] = undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#head);
      this.#head = 0;
    }
  }

  jobs(): J[] {
    return this.#jobs.filter((job) => job?.home !== undefined) as J[]; // no undefined is left
  }
}
