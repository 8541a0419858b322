/**
 * A lock counts as lost when it was not renewed for this part of its duration: what is left
 * of it is for ending the task, before another worker can start it.
 */
const LOST_AFTER = 0.6;
const LOOKS = 10;

/** How long an aborted task may take to end, as a part of the lock's duration. */
export const ABORT_PART = 0.2;

/**
 * The locks of the jobs that run here, by the clock of this machine. BullMQ renews them
 * every third of their duration, but hears of none that failed as long as there is no
 * connection; then time alone can tell that another worker may take over.
 */
export class Leases {
  readonly #duration: number;
  readonly #lost: (id: string) => void;
  /** When each was surely valid. */
  readonly #renewedAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param duration of a lock, in milliseconds
   * @param lost called once for each lock that was not renewed
   */
  constructor(duration: number, lost: (id: string) => void) {
    this.#duration = duration;
    this.#lost = lost;
  }

  /** @param age milliseconds since the lock was asked for */
  take(id: string, age: number): void {
    this.#renewedAt.set(id, performance.now() - Math.max(age, 0));
    this.#timer ??= setInterval(() => {
      this.#look();
    }, this.#duration / LOOKS);
  }

  /** Whether it was taken, and neither lost nor released. */
  holds(id: string): boolean {
    return this.#renewedAt.has(id);
  }

  /** @param at when that was asked for, by performance.now() */
  renewed(ids: readonly string[], at: number): void {
    for (const id of ids) {
      if (this.#renewedAt.has(id)) this.#renewedAt.set(id, at);
    }
  }

  /** The lock is known to be lost. */
  lost(id: string): void {
    if (!this.#renewedAt.has(id)) return;
    this.release(id);
    this.#lost(id);
  }

  release(id: string): void {
    this.#renewedAt.delete(id);
    if (this.#renewedAt.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const oldest = performance.now() - this.#duration * LOST_AFTER;
    for (const [id, at] of this.#renewedAt) {
      if (at < oldest) this.lost(id);
    }
  }
}
