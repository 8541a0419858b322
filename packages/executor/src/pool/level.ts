import { Fifo } from '../core/fifo.ts';
import type { Job } from '../core/job.ts';

/**
 * Jobs, first in, first out. One that is done stays until it reaches the front and
 * is skipped there: to take it out of the middle would cost a search.
 */
export class Level<J extends Job> {
  readonly #jobs = new Fifo<J>();

  push(job: J): void {
    this.#jobs.push(job);
  }

  unshift(job: J): void {
    this.#jobs.unshift(job);
  }

  peek(): J | undefined {
    for (;;) {
      const job = this.#jobs.first;
      if (job === undefined || job.home?.isWaiting === true) return job;
      this.#jobs.drop();
    }
  }

  /** Removes the front. */
  drop(): void {
    this.#jobs.drop();
  }

  jobs(): J[] {
    return this.#jobs.toArray().filter(({ home }) => home?.isWaiting);
  }
}
