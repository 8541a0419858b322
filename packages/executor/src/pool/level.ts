import type { Job } from '../core/job.ts';

/**
 * Jobs, first in, first out. One that is done stays until it reaches the front and
 * is skipped there: to take it out of the middle would cost a search.
 */
export class Level<J extends Job> {
  #jobs: (J | undefined)[] = [];
  #head = 0;

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
