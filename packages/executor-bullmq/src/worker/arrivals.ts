interface Waiting<T> {
  readonly item: T;
  readonly goOn: () => void;
}

/**
 * Has jobs that came in one answer of Redis go on in the order of the queue. BullMQ takes
 * more steps with one that it got for a job that is done than with one that it asked for by
 * itself, so they overtake each other on the way here, and would again behind here: each has
 * made all its steps before the next one goes on.
 */
export class Arrivals<T> {
  readonly #compare: (a: T, b: T) => number;
  #waiting: Waiting<T>[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Resolves when it is its turn. */
  inOrder(item: T): Promise<void> {
    return new Promise((goOn) => {
      this.#waiting.push({ item, goOn });
      if (this.#waiting.length > 1) return;
      // All that has come with it is here by then.
      process.nextTick(() => {
        const all = this.#waiting.sort((a, b) => this.#compare(a.item, b.item));
        this.#waiting = [];
        goOnOneByOne(all, 0);
      });
    });
  }
}

function goOnOneByOne(all: readonly Waiting<unknown>[], index: number): void {
  const next = all[index];
  if (next === undefined) return;
  next.goOn();
  // Its steps are microtasks; a tick that is asked for in one comes after all of them.
  queueMicrotask(() => {
    process.nextTick(goOnOneByOne, all, index + 1);
  });
}
