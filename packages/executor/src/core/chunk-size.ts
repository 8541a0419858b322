import { monotonicNow } from './clock.ts';
import type { Future } from './future.ts';

/** A chunk of 'auto' that comes back within so many milliseconds could have been larger. */
const SOON = 4;

/** One that takes longer than this should be smaller. */
const LATE = 40;

const MAX_AUTO = 512;

/** How many items one chunk of a map has at most. */
export function maxChunkSize(chunkSize: number | 'auto'): number {
  return chunkSize === 'auto' ? MAX_AUTO : chunkSize;
}

/**
 * How many items the next chunk of a map has. With 'auto' it begins with 1, and follows
 * the time from the submit of a chunk to its end: twice as many as in one that came back
 * soon, half as many as in one that was late. The wait for a worker counts: whoever waits
 * long need not be sent more at once.
 */
export class ChunkSize {
  readonly #max: number;
  readonly #isAuto: boolean;
  #value: number;

  /** @param limit no chunk is larger */
  constructor(chunkSize: number | 'auto', limit: number) {
    this.#max = Math.min(maxChunkSize(chunkSize), limit);
    this.#isAuto = chunkSize === 'auto';
    this.#value = this.#isAuto ? 1 : this.#max;
  }

  get value(): number {
    return this.#value;
  }

  /** A chunk of so many items was submitted. */
  watch(future: Future<unknown>, items: number): void {
    if (!this.#isAuto) return;
    const submitted = monotonicNow();
    future.addDoneCallback(() => {
      const took = monotonicNow() - submitted;
      if (took < SOON) {
        this.#value = Math.min(Math.max(this.#value, 2 * items), this.#max);
      } else if (took > LATE) {
        this.#value = Math.max(Math.min(this.#value, Math.floor(items / 2)), 1);
      }
    });
  }
}
