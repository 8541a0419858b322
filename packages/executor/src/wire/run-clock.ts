import { monotonicNow } from '../core/clock.ts';

/**
 * How long a worker has to do with each of its tasks, without the time in which it had none.
 * The host cannot tell: it may look late. One look at the clock for each task.
 */
export class RunClock {
  /** When the last task ended, or the first one after a pause was found. */
  #since = 0;
  #isIdle = true;

  /** There is no task. */
  rest(): void {
    this.#isIdle = true;
  }

  /** There is one. @param now left out: the clock is looked at, if that is needed */
  begin(now?: number): void {
    if (!this.#isIdle) return;
    this.#isIdle = false;
    this.#since = now ?? monotonicNow();
  }

  /** It has ended: the milliseconds that it took. */
  end(now: number): number {
    const took = now - this.#since;
    this.#since = now;
    return took;
  }
}
