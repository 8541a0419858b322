interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
}

/**
 * Lets those that wait in the same turn of the event loop go on together, in order. Jobs
 * come many in one answer of Redis, and a thread that has to be woken for each costs more
 * than a short task. BullMQ takes more steps with the one that comes for a job that is done
 * than with one that was asked for by itself, so they come out of order.
 */
export class Turns<T> {
  readonly #compare: (a: T, b: T) => number;
  #waiting: Waiting<T>[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Resolves when all that has come in this turn is here, and those before it have gone on. */
  end(item: T): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ item, resolve });
      if (this.#waiting.length === 1) {
        process.nextTick(() => {
          this.#end();
        });
      }
    });
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.sort((a, b) => this.#compare(a.item, b.item));
    for (const { resolve } of waiting) resolve();
  }
}
