/** Up to so many objects are searched one by one: a Set takes longer for them, which grows. */
const MAX_SEARCHED = 32;

/** The objects of a value that is being written. */
export class SeenObjects {
  /** While they are few. */
  readonly #few: object[] = [];
  /** All of them, once they are many. */
  readonly #many = new Set<object>();

  /** False if it was added before. */
  add(object: object): boolean {
    const many = this.#many;
    if (many.size === 0) {
      const few = this.#few;
      if (few.includes(object)) return false;
      if (few.push(object) > MAX_SEARCHED) for (const one of few) many.add(one);
      return true;
    }
    const before = many.size;
    return many.add(object).size > before;
  }

  clear(): void {
    this.#few.length = 0;
    if (this.#many.size > 0) this.#many.clear();
  }
}
