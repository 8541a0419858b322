import { hostname } from 'node:os';

interface Place {
  isTaken: boolean;
  /** When the last run there ended, by performance.now(). */
  leftAt: number;
}

/**
 * Names for runs, so that those of the same name do not overlap: the machine, the process,
 * and a number. It stands for a thread: which one it was is not known while a task runs.
 */
export class Places {
  /** The machine and the process. */
  readonly worker = `${hostname()}:${String(process.pid)}`;
  readonly #places: Place[];

  /** @param count how many tasks run at once */
  constructor(count: number) {
    this.#places = Array.from({ length: count }, () => ({
      isTaken: false,
      leftAt: 0,
    }));
  }

  /** The first place that is free and was free since then. */
  take(since: number): number {
    let best = this.#places.findIndex(
      ({ isTaken, leftAt }) => !isTaken && leftAt <= since,
    );
    // What is known here of starts and ends is late by a message.
    if (best === -1) best = this.#places.findIndex(({ isTaken }) => !isTaken);
    const place = this.#places[Math.max(best, 0)];
    if (place !== undefined) place.isTaken = true;
    return Math.max(best, 0);
  }

  leave(index: number): void {
    const place = this.#places[index];
    if (place === undefined) return;
    place.isTaken = false;
    place.leftAt = performance.now();
  }

  nameOf(place: number): string {
    return `${this.worker}/${String(place)}`;
  }
}
