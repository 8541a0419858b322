import type { Job } from '../core/job.ts';

/**
 * The jobs that wait: higher priorities first, equal ones first in, first out.
 *
 * A job that was cancelled or timed out stays until it reaches the front and is
 * skipped there: to take it out of the middle would cost a search.
 */
export class JobQueue<J extends Job> {
  /** One for each priority that was seen, the highest first. Most queues have one. */
  readonly #levels: Level<J>[] = [];

  push(job: J): void {
    this.#level(job.options.priority ?? 0).push(job);
  }

  /** Puts jobs that were handed out and are to run again to the front. */
  unshift(jobs: readonly J[]): void {
    for (const job of jobs.toReversed()) {
      this.#level(job.options.priority ?? 0).unshift(job);
    }
  }

  /** The next job that is not done. It stays in the queue. */
  peek(): J | undefined {
    for (const level of this.#levels) {
      const job = level.peek();
      if (job !== undefined) return job;
    }
    return undefined;
  }

  /** Takes the next job that is not done. */
  shift(): J | undefined {
    for (const level of this.#levels) {
      const job = level.peek();
      if (job !== undefined) {
        level.drop();
        return job;
      }
    }
    return undefined;
  }

  /** Takes all jobs that are not done. */
  drain(): J[] {
    const jobs = this.#levels.flatMap((level) => level.jobs());
    this.#levels.length = 0;
    return jobs;
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
      if (job?.future.done === false) return job;
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
    return this.#jobs.filter((job) => job?.future.done === false) as J[]; // no undefined is left
  }
}
