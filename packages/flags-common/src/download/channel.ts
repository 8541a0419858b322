/**
 * Values from many writers to one reader. When so many are there as there is room
 * for, writers wait.
 */
export class Channel<T> {
  readonly #capacity: number;
  #values: T[] = [];
  #closed = false;
  #failure: { readonly error: unknown } | undefined;
  /** Tells the reader that there is something new. */
  #wake: (() => void) | undefined;
  /** Tell the writers that there is room. */
  #waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Resolves when there is room for the next value. */
  async write(value: T): Promise<void> {
    this.#values.push(value);
    this.#wakeReader();
    if (this.#values.length < this.#capacity) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** The reader gets what is there, and then ends. */
  close(): void {
    this.#closed = true;
    this.#wakeReader();
  }

  /** The reader gets what is there, and then this error; the first one counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.close();
  }

  async *read(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const values = this.#values;
      this.#values = [];
      for (const resolve of this.#waiting.splice(0)) resolve();
      yield* values;
      if (this.#values.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
