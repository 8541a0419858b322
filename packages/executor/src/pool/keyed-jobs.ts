import type { Job } from '../core/job.ts';
import { Level } from './level.ts';

/**
 * Jobs with the same `key` run one at a time, in the order of submission: each
 * waits here until the one before it is done.
 */
export class KeyedJobs<J extends Job> {
  /** For each key that a job of it is queued or running: that one, and those behind it. */
  readonly #keys = new Map<
    unknown,
    { current: Job; readonly behind: Level<J> }
  >();

  /** Whether another job with its key is queued or running. */
  isBlocked({ options: { key } }: J): boolean {
    return key !== undefined && this.#keys.has(key);
  }

  /** True if the job has to wait; then it is kept here. */
  isBehind(job: J): boolean {
    const { key } = job.options;
    if (key === undefined) return false;
    const found = this.#keys.get(key);
    if (found === undefined) {
      this.#keys.set(key, { current: job, behind: new Level() });
      return false;
    }
    found.behind.push(job);
    return true;
  }

  /** The job is done: gives the one that may go now. */
  release(job: Job): J | undefined {
    const { key } = job.options;
    const found = key === undefined ? undefined : this.#keys.get(key);
    // One that was cancelled while it waited changes nothing.
    if (found?.current !== job) return undefined;
    const next = found.behind.peek();
    if (next === undefined) {
      this.#keys.delete(key);
    } else {
      found.behind.drop();
      found.current = next;
    }
    return next;
  }

  /** All that wait here. */
  jobs(): J[] {
    return [...this.#keys.values()].flatMap(({ behind }) => behind.jobs());
  }
}
