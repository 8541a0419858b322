/**
 * A segmented sieve of Eratosthenes over the numbers that 2, 3 and 5 do not divide. Of 30
 * numbers these are 8, so that a byte has one bit for each of them.
 */

/** The numbers of a byte are 30 times its index, and one of the residues. */
export const CIRCUMFERENCE = 30;

/** By bit. */
export const RESIDUES = [1, 7, 11, 13, 17, 19, 23, 29];

/** By residue; 0 for those that 2, 3 or 5 divides. */
const MASKS = Array.from(
  { length: CIRCUMFERENCE },
  (_, residue) => (1 << RESIDUES.indexOf(residue)) & 0xff,
);

/** The smallest prime that is no factor of the circumference. */
const FIRST_PRIME = 7;

export class WheelSieve {
  /** The current segment: the bits of numbers above 1 that are composite. */
  readonly composites: Uint8Array;
  /** The index of its first byte. */
  start: number;
  readonly #primes: Iterator<number, undefined>;
  #nextPrime: number;
  /*
   * The multiples of a prime that have the same residue lie in every p-th byte, in the same
   * bit. For each prime and residue: p, the bit, and the next such byte, from the start of
   * the segment. Three arrays of numbers are faster than one of objects.
   */
  readonly #steps: number[] = [];
  readonly #masks: number[] = [];
  readonly #places: number[] = [];

  /**
   * Stands before its first segment.
   *
   * @param bytes of a segment
   * @param primes ascending from 2, up to the square root of the largest number that is
   *   looked at; they are asked for when they are needed
   */
  constructor(bytes: number, primes: Iterator<number, undefined>) {
    this.composites = new Uint8Array(bytes);
    this.start = -bytes;
    this.#primes = primes;
    do this.#nextPrime = primes.next().value ?? Infinity;
    while (this.#nextPrime < FIRST_PRIME);
  }

  /** Goes on to the next segment. */
  advance(): void {
    const { composites } = this;
    const bytes = composites.length;
    this.start += bytes;
    composites.fill(0);
    if (this.start === 0) composites[0] = 1; // the number 1
    this.#addPrimes((this.start + bytes) * CIRCUMFERENCE);
    const steps = this.#steps;
    const masks = this.#masks;
    const places = this.#places;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] ?? 0;
      const mask = masks[i] ?? 0;
      let place = places[i] ?? 0;
      for (; place < bytes; place += step)
        composites[place] = (composites[place] ?? 0) | mask;
      places[i] = place - bytes;
    }
  }

  /** Those whose square is below `end`: smaller multiples have a smaller factor. */
  #addPrimes(end: number): void {
    while (this.#nextPrime ** 2 < end) {
      const p = this.#nextPrime;
      for (let factor = p; factor < p + CIRCUMFERENCE; factor++) {
        if (MASKS[factor % CIRCUMFERENCE] === 0) continue;
        const multiple = p * factor;
        const residue = multiple % CIRCUMFERENCE;
        this.#steps.push(p);
        this.#masks.push(MASKS[residue] ?? 0);
        this.#places.push((multiple - residue) / CIRCUMFERENCE - this.start);
      }
      this.#nextPrime = this.#primes.next().value ?? Infinity;
    }
  }
}
