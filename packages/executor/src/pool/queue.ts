import type { Settler } from '../core/future.ts';

/**
 * First in, first out. A cancelled job stays until it reaches the front and is
 * skipped there: to take it out of the middle would cost a search.
 */
export class JobQueue<J extends Settler<unknown>> {
  #jobs: (J | undefined)[] = [];
  #head = 0;

  push(job: J): void {
    this.#jobs.push(job);
  }

  /** Puts jobs that were handed out and have not run back to the front. */
  unshift(jobs: readonly J[]): void {
    this.#jobs = [...jobs, ...this.#jobs.slice(this.#head)];
    this.#head = 0;
  }

  /** The next job that is not cancelled. It stays in the queue. */
  peek(): J | undefined {
    while (this.#head < this.#jobs.length) {
      const job = this.#jobs[this.#head];
      if (job?.future.cancelled === false) return job;
      this.#drop();
    }
    return undefined;
  }

  /** Takes the next job that is not cancelled. */
  shift(): J | undefined {
    const job = this.peek();
    if (job !== undefined) this.#drop();
    return job;
  }

  /** Takes all jobs that are not cancelled. */
  drain(): J[] {
    const jobs = this.#jobs.slice(this.#head) as J[]; // undefined stands only before the head
    this.#jobs = [];
    this.#head = 0;
    return jobs.filter((job) => !job.future.cancelled);
  }

  /** Removes the front. The free part is cut off once it is half of the array: amortised O(1). */
  #drop(): void {
    this.#jobs[this.#head] = undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#head);
      this.#head = 0;
    }
  }
}
