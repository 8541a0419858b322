import { setImmediate } from 'node:timers';

/**
 * Who waits until an executor has room for another task, and the places that are
 * kept for those whose wait is over.
 */
export class Room {
  readonly #size: () => number;
  readonly #isClosed: () => boolean;
  /** In order. */
  readonly #waiting: {
    readonly resolve: () => void;
    readonly keepsPlace: boolean;
  }[] = [];
  /** How many places are kept. */
  #promised = 0;
  #passesOn = false;

  /**
   * @param size how many more tasks the executor can accept
   * @param isClosed whether it accepts none any more: then nobody need wait
   */
  constructor(size: () => number, isClosed: () => boolean) {
    this.#size = size;
    this.#isClosed = isClosed;
  }

  /** How many more tasks may come that nobody else has been promised a place for. */
  get free(): number {
    return Math.max(this.#size() - this.#promised, 0);
  }

  /** @param keepsPlace whether the place is kept for the caller */
  wait(keepsPlace: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ resolve, keepsPlace });
      this.changed();
    });
  }

  /** There may be more room, or none ever any more. */
  changed(): void {
    if (this.#waiting.length === 0) return;
    const free = this.#isClosed() ? Infinity : this.free;
    for (const { resolve, keepsPlace } of this.#waiting.splice(0, free)) {
      if (keepsPlace) this.#keepPlace();
      else this.#passOn();
      resolve();
    }
  }

  /** A task has come: it takes a place that was kept, if there is one. */
  take(): void {
    if (this.#promised > 0) this.#promised -= 1;
  }

  /**
   * Until the next task comes, or this turn of the event loop ends: whoever waited
   * goes on a little after its promise was resolved.
   */
  #keepPlace(): void {
    this.#promised += 1;
    if (this.#promised > 1) return;
    setImmediate(() => {
      this.#promised = 0;
      this.changed();
    });
  }

  /** Whoever waited may need no place any more, as a map whose input has ended: then the next one may have it. */
  #passOn(): void {
    if (this.#passesOn) return;
    this.#passesOn = true;
    setImmediate(() => {
      this.#passesOn = false;
      this.changed();
    });
  }
}
