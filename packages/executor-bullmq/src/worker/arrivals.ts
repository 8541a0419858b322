interface Waiting<T> {
  readonly item: T;
  readonly goOn: () => void;
}

/**
 * Has jobs that came in one answer of Redis go on in the order of the queue. BullMQ takes
 * more steps with one that it got for a job that is done than with one that it asked for by
 * itself, so they overtake each other on the way here, and would again behind here: each has
 * made all its steps before the next one goes on.
 *
 *   answer ──> inOrder() ──one by one──> all() ──together──>
 */
export class Arrivals<T> {
  readonly #compare: (a: T, b: T) => number;
  #waiting: Waiting<T>[] = [];
  /** Those that go on, and wait for the last one. */
  #together: (() => void)[] = [];
  #isGoing = false;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Resolves when it is its turn. */
  inOrder(item: T): Promise<void> {
    return new Promise((goOn) => {
      this.#waiting.push({ item, goOn });
      if (this.#isGoing) return;
      this.#isGoing = true;
      // All that has come with it is here by then.
      process.nextTick(() => {
        this.#waiting.sort((a, b) => this.#compare(a.item, b.item));
        this.#next();
      });
    });
  }

  /**
   * Resolves when all that came with it are here, too: a thread that has to be woken for each
   * job costs more than a short task.
   */
  all(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isGoing) this.#together.push(resolve);
      else resolve();
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#isGoing = false;
      const together = this.#together;
      this.#together = [];
      for (const resolve of together) resolve();
      return;
    }
    next.goOn();
    // Its steps are microtasks; a tick that is asked for in one comes after all of them.
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#next();
      });
    });
  }
}
