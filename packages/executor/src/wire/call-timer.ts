import { monotonicNow } from '../core/clock.ts';

/** One in so many calls is timed: two looks at the clock take a fifth of such a call. */
const TIMED = 64;

/** How long a call takes that is made again and again. */
export class CallTimer {
  #calls = 0;
  #shortest = Infinity;

  /**
   * In milliseconds; 0 as long as none was timed. The shortest one counts: others were
   * interrupted, or are not yet compiled.
   */
  get value(): number {
    return this.#shortest === Infinity ? 0 : this.#shortest;
  }

  /** To be given to ended() after the call. */
  begin(): number | undefined {
    this.#calls = (this.#calls + 1) % TIMED;
    return this.#calls === 0 ? monotonicNow() : undefined;
  }

  ended(begun: number | undefined): void {
    if (begun === undefined) return;
    this.#shortest = Math.min(this.#shortest, monotonicNow() - begun);
  }
}
