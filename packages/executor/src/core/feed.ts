export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/** Who takes the items of a Feed. */
export interface FeedTarget<T> {
  /** Whether another item may be taken now. */
  hasRoom(): boolean;
  take(item: T): void;
  /** Called after an async source gave an item, ended, or failed. */
  wake(): void;
}

/**
 * Takes items from a sync or async iterable while its target has room: at once
 * from a sync one, one after the other from an async one.
 */
export class Feed<T> {
  readonly #target: FeedTarget<T>;
  // The source is one of these. Both are dropped when no item can come any more:
  // an iterator keeps what it went through, and so all that an array has.
  #sync: Iterator<T> | undefined;
  #async: AsyncIterator<T> | undefined;
  /** True while the next item of an async source is awaited. */
  #awaiting = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: AnyIterable<T>, target: FeedTarget<T>) {
    this.#target = target;
    if (Symbol.asyncIterator in source) {
      this.#async = source[Symbol.asyncIterator]();
    } else {
      this.#sync = source[Symbol.iterator]();
    }
  }

  /** True when no item can come any more: the source ended, failed, or was closed. */
  get exhausted(): boolean {
    return this.#sync === undefined && this.#async === undefined;
  }

  fill(): void {
    while (!this.exhausted && !this.#awaiting && this.#target.hasRoom()) {
      if (this.#async !== undefined) void this.#awaitItem(this.#async);
      else if (this.#sync !== undefined) this.#takeItem(this.#sync);
    }
  }

  /** Throws, once, what the source threw. */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  /** Nobody is to hear of what the source threw. */
  forgetFailure(): void {
    this.#failure = undefined;
  }

  /** The target can take no more: closes the source, and throwFailure() throws the error. */
  fail(error: unknown): void {
    this.#failure = { error };
    // What the end of the source throws would hide why.
    this.close().catch(() => undefined);
  }

  /**
   * Closes the source. A source that is in the middle of an `await` is told to
   * close and not waited for: it might never come back from it.
   */
  async close(): Promise<void> {
    const [sync, async] = [this.#sync, this.#async];
    this.#end();
    sync?.return?.();
    const closing = async?.return?.();
    if (!this.#awaiting) await closing;
    else closing?.catch(() => undefined); // nobody is left to hear of it
  }

  #takeItem(source: Iterator<T>): void {
    let step: IteratorResult<T>;
    try {
      step = source.next();
    } catch (error) {
      this.#sourceFailed(error);
      return;
    }
    this.#take(step);
  }

  async #awaitItem(source: AsyncIterator<T>): Promise<void> {
    this.#awaiting = true;
    let step: IteratorResult<T> | undefined;
    try {
      step = await source.next();
    } catch (error) {
      this.#sourceFailed(error);
    }
    this.#awaiting = false;
    if (step !== undefined) this.#take(step);
    this.fill();
    this.#target.wake();
  }

  #take(step: IteratorResult<T>): void {
    // The target may have closed while the item was on its way.
    if (this.exhausted) return;
    if (step.done === true) {
      this.#end();
      return;
    }
    try {
      this.#target.take(step.value);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What the source gave before still counts; then its error is thrown. */
  #sourceFailed(error: unknown): void {
    if (this.exhausted) return;
    this.#end();
    this.#failure = { error };
  }

  #end(): void {
    this.#sync = undefined;
    this.#async = undefined;
  }
}
