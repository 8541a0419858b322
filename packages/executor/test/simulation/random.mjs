/**
 * Random numbers that a seed decides: mulberry32, a public domain generator by
 * Tommy Ettinger (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 * Its 32 bits of state are enough here, and seeds that follow each other give
 * unrelated numbers.
 */
export class Random {
  #state;

  /** @param {number} seed an integer from 0 to 2 ** 32 - 1 */
  constructor(seed) {
    this.#state = seed;
  }

  /** A number from 0 up to and without 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} limit @returns an integer from 0 up to and without `limit` */
  below(limit) {
    return Math.floor(this.fraction() * limit);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.fraction() < probability;
  }

  /** @template T @param {readonly T[]} list not empty @returns {T} */
  pick(list) {
    return /** @type {T} */ (list[this.below(list.length)]);
  }

  /**
   * One of the rows; a row of weight 2 comes twice as often as one of weight 1.
   *
   * @template {{ readonly weight: number }} T
   * @param {readonly T[]} rows not empty
   * @returns {T}
   */
  weighted(rows) {
    let rest = this.fraction() * rows.reduce((sum, row) => sum + row.weight, 0);
    const found = rows.find((row) => (rest -= row.weight) < 0);
    return /** @type {T} */ (found ?? rows.at(-1)); // rounding may leave a rest of 0
  }

  /** A copy in random order. @template T @param {readonly T[]} list @returns {T[]} */
  shuffled(list) {
    const result = [...list];
    for (let end = result.length - 1; end > 0; end -= 1) {
      const at = this.below(end + 1);
      const kept = /** @type {T} */ (result[end]);
      result[end] = /** @type {T} */ (result[at]);
      result[at] = kept;
    }
    return result;
  }

  /** The seed of another generator, which does not depend on how many numbers this one gives later. */
  seed() {
    return this.below(2 ** 32);
  }
}
