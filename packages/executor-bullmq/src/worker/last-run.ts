import { setTimeout } from 'node:timers/promises';

/** Every so many milliseconds it is looked whether the other jobs have begun or gone. */
const INTERVAL = 10;

/** The jobs of the same worker, as a last run needs to know them. */
export interface Neighbours {
  /** Whether a job other than this one is here that no thread has begun. */
  unbegun(id: string): boolean;
  /** Gives those back to the queue. */
  giveBack(): void;
}

/**
 * The last run of a job whose workers were lost: when one more is lost, it fails. All jobs
 * are lost that the worker has taken, so one that ends its worker would have others fail with
 * it. Beside a last run none is begun, and none is taken.
 *
 * What has begun before goes on. It has been lost less often, or it would have its last run.
 *
 * | state | to   | when                         |
 * | ----- | ---- | ---------------------------- |
 * | free  | held | a job is to be run like that |
 * | held  | free | that job is not here any more |
 */
export class LastRun {
  readonly #neighbours: Neighbours;
  #holder: string | undefined;

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
  }

  get isHeld(): boolean {
    return this.#holder !== undefined;
  }

  /** Resolves when no other job would be begun any more. */
  async hold(id: string): Promise<void> {
    this.#holder = id;
    while (this.#neighbours.unbegun(id)) {
      this.#neighbours.giveBack();
      await setTimeout(INTERVAL);
    }
  }

  /** False if the job did not hold it. */
  release(id: string): boolean {
    if (this.#holder !== id) return false;
    this.#holder = undefined;
    return true;
  }
}
