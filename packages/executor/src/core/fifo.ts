/** First in, first out. shift() of a long array moves all that is left. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The next one; it stays. Undefined if there is none. */
  get first(): T | undefined {
    // A look behind the end would make V8 give up its fast code for this.
    return this.#head < this.#items.length
      ? this.#items[this.#head]
      : undefined;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts one before all others. */
  unshift(item: T): void {
    if (this.#head > 0) this.#items[--this.#head] = item;
    else this.#items.unshift(item);
  }

  /** Removes the first one. The free part is cut off once it is half of the array: amortised O(1). */
  drop(): void {
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head * 2 > this.#items.length) this.#cut();
  }

  #cut(): void {
    // The array of a queue that is mostly empty keeps its memory.
    if (this.#items.length === 1) this.#items.pop();
    else this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  toArray(): T[] {
    return this.#items.slice(this.#head) as T[]; // what is dropped comes before
  }
}
