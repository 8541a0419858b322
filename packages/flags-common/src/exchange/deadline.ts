import { performance } from 'node:perf_hooks';
import type { TimeLimit } from '../errors.ts';

/** In milliseconds; Infinity is none. */
type Limits = Readonly<Record<TimeLimit, number>>;

/** The longest delay that a timer of Node.js can keep. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * The clock of one exchange: a limit over all of it, one until the connection is
 * there, and one for each pause from then on. undici has such limits too, but they
 * are coarse: 300 ms may become 700.
 *
 * There is one timer, however many chunks arrive: when it fires too early, it is
 * set to the rest. Disposing of it stops the clock.
 */
export class Deadline implements Disposable {
  readonly #limits: Limits;
  readonly #expire: (passed: TimeLimit) => void;
  readonly #start = performance.now();
  #lastProgress: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: Limits, expire: (passed: TimeLimit) => void) {
    this.#limits = limits;
    this.#expire = expire;
    this.#arm();
  }

  /** To be called when there is a connection, and when anything comes from it. */
  progress(): void {
    const first = this.#lastProgress === undefined;
    this.#lastProgress = performance.now();
    // The connection may have less time than a pause has.
    if (first && this.#limits.stallTimeout < this.#limits.connectTimeout) {
      clearTimeout(this.#timer);
      this.#arm();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const now = performance.now();
    const total = this.#start + this.#limits.timeout - now;
    const pause =
      this.#lastProgress === undefined
        ? this.#start + this.#limits.connectTimeout - now
        : this.#lastProgress + this.#limits.stallTimeout - now;
    const left = Math.min(total, pause);
    if (left === Infinity) return;
    if (left > 0) {
      // A timer may fire a fraction of a millisecond early.
      this.#timer = setTimeout(
        () => {
          this.#arm();
        },
        Math.min(Math.ceil(left), MAX_TIMER),
      );
    } else if (total <= 0) {
      this.#expire('timeout');
    } else {
      this.#expire(
        this.#lastProgress === undefined ? 'connectTimeout' : 'stallTimeout',
      );
    }
  }
}
