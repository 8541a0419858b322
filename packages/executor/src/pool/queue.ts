import type { Home, Job } from '../core/job.ts';
import { KeyedJobs } from './keyed-jobs.ts';
import { Level } from './level.ts';

/**
 * The jobs that wait: higher priorities first, equal ones first in, first out.
 *
 *   push ──> door ──> behind ──> levels ──> shift
 *             │          └─ while another job with its key is in the levels or runs
 *             └─ while `limit` jobs are inside: behind another one, or in the levels
 */
export class JobQueue<J extends Job> {
  /** One for each priority that was seen, the highest first. Most queues have one. */
  readonly #levels: { readonly priority: number; readonly jobs: Level<J> }[] =
    [];
  /** Jobs beyond the limit, in the order in which they came. */
  readonly #door = new Level<J>();
  readonly #keyed = new KeyedJobs<J>();
  /** How many in the levels and behind others are not done, and how many of the door. */
  #inside = 0;
  #outside = 0;
  readonly #limit: number;
  readonly #onLeft: () => void;

  /** Where its jobs are: in the levels or behind others, at the door, or not here any more. */
  readonly #within: Home = {
    isWaiting: true,
    left: (job) => {
      this.#inside -= 1;
      this.#left(job);
    },
  };
  readonly #atDoor: Home = {
    isWaiting: true,
    left: (job) => {
      this.#outside -= 1;
      this.#left(job);
    },
  };
  readonly #handedOut: Home = {
    isWaiting: false,
    left: (job) => {
      this.#left(job);
    },
  };

  /**
   * @param limit how many jobs may be inside
   * @param onLeft called after a job that came through here is done: there may be
   *   room, or one that waited for it may go
   */
  constructor(limit = Infinity, onLeft: () => void = () => undefined) {
    this.#limit = limit;
    this.#onLeft = onLeft;
  }

  /** How many jobs wait here, also beyond the limit. */
  get size(): number {
    return this.#inside + this.#outside;
  }

  /** Whether no job is here that the job would have to wait for, or that it goes before. */
  passes(job: J): boolean {
    if (this.size > 0 || job.options.key !== undefined) return false;
    this.#level(job); // its priority has come
    return !this.hasPriorities;
  }

  /** The job was handed out without having been here. */
  passed(job: J): void {
    job.home = this.#handedOut;
  }

  /** Whether jobs of different priorities have come. */
  get hasPriorities(): boolean {
    return this.#levels.length > 1;
  }

  push(job: J): void {
    if (this.size < this.#limit) {
      this.#enter(job);
    } else {
      this.#outside += 1;
      job.home = this.#atDoor;
      this.#door.push(job);
    }
  }

  /** Puts jobs that were handed out and are to run, or run again, to the front. */
  unshift(jobs: readonly J[]): void {
    for (const job of jobs.toReversed()) {
      this.#inside += 1;
      job.home = this.#within;
      this.#level(job).unshift(job);
    }
  }

  /** The next job that is not done. It stays in the queue. */
  peek(): J | undefined {
    return this.#front()?.peek();
  }

  /** Takes the next job that is not done. */
  shift(): J | undefined {
    const front = this.#front();
    const job = front?.peek();
    if (job === undefined) return undefined;
    front?.drop();
    if (job.home === this.#atDoor) {
      this.#outside -= 1;
      this.#keyed.isBehind(job);
    } else {
      this.#inside -= 1;
    }
    job.home = this.#handedOut;
    this.#admit();
    return job;
  }

  /** All jobs that are not done, in no certain order. They stay. */
  jobs(): J[] {
    return [
      ...this.#levels.flatMap(({ jobs }) => jobs.jobs()),
      ...this.#door.jobs(),
      ...this.#keyed.jobs(),
    ];
  }

  /** The job is done: the one that waits behind it may go, and there may be room. */
  #left(job: Job): void {
    const next = this.#keyed.release(job);
    if (next !== undefined) this.#level(next).push(next);
    this.#admit();
    this.#onLeft();
  }

  #front(): Level<J> | undefined {
    for (const { jobs } of this.#levels) {
      if (jobs.peek() !== undefined) return jobs;
    }
    // Nothing inside can start, as with a limit of 0: what can passes by.
    const job = this.#door.peek();
    return job === undefined || this.#keyed.isBlocked(job)
      ? undefined
      : this.#door;
  }

  #admit(): void {
    while (this.#outside > 0 && this.#inside < this.#limit) {
      const job = this.#door.peek();
      if (job === undefined) return;
      this.#door.drop();
      this.#outside -= 1;
      this.#enter(job);
    }
  }

  #enter(job: J): void {
    this.#inside += 1;
    job.home = this.#within;
    if (!this.#keyed.isBehind(job)) this.#level(job).push(job);
  }

  #level({ options: { priority = 0 } }: J): Level<J> {
    const [first] = this.#levels;
    if (first?.priority === priority) return first.jobs;
    let index = this.#levels.findIndex((level) => level.priority <= priority);
    if (index === -1) index = this.#levels.length;
    const found = this.#levels[index];
    if (found?.priority === priority) return found.jobs;
    const jobs = new Level<J>();
    this.#levels.splice(index, 0, { priority, jobs });
    return jobs;
  }
}
