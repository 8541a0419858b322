import type { Job } from '../core/job.ts';

/**
 * Jobs with the same `key` run one at a time, in the order of submission: each
 * waits here until the one before it is done.
 */
export class KeyedJobs<J extends Job> {
  /** For each key that a job of it is queued or running: those that wait behind it. */
  readonly #behind = new Map<unknown, J[]>();

  /** True if the job has to wait; then it is kept here. */
  isBehind(job: J): boolean {
    const { key } = job.options;
    if (key === undefined) return false;
    const waiting = this.#behind.get(key);
    if (waiting === undefined) this.#behind.set(key, []);
    else waiting.push(job);
    return waiting !== undefined;
  }

  /** The job is done: gives the one that may go now. */
  release(job: Job): J | undefined {
    const { key } = job.options;
    const waiting = key === undefined ? undefined : this.#behind.get(key);
    if (waiting === undefined) return undefined;
    const index = waiting.findIndex((other) => other === job);
    if (index !== -1) {
      // It was cancelled while it waited; the one before it goes on.
      waiting.splice(index, 1);
      return undefined;
    }
    const next = waiting.shift();
    if (next === undefined) this.#behind.delete(key);
    return next;
  }

  /** All that wait here. */
  jobs(): J[] {
    return [...this.#behind.values()].flat();
  }
}
