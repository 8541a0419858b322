import type { PoolJob } from './job.ts';

/** After so many runs of one task, the next one is taken for about as short as these. */
const LONG = 64;

/** How often a worker has run the same task, one after the other. */
export class Streak {
  #task: PoolJob['task'] | undefined;
  #length = 0;

  ended({ task, kind }: PoolJob): void {
    if (kind !== 'single') this.#task = undefined;
    else if (task === this.#task) this.#length += 1;
    else {
      this.#task = task;
      this.#length = 1;
    }
  }

  /** Whether the job is one more of a long one. */
  goesOnWith({ task, kind }: PoolJob): boolean {
    return kind === 'single' && task === this.#task && this.#length >= LONG;
  }
}
