import { assertExactInteger, UnsafeIntegerError } from './exact-integer.ts';
import { CIRCUMFERENCE, RESIDUES, WheelSieve } from './wheel-sieve.ts';

/** A segment of 983 040 numbers, which fits into the first-level cache of a processor. */
const SEGMENT_BYTES = 2 ** 15;

/** The primes that the sieve leaves out, in the place of the residues of a byte. */
const WHEEL_PRIMES = [2, 3, 5];

/**
 * The primes below `limit`, ascending, by a segmented sieve. Nothing is computed before it
 * is asked for. In memory are a segment, and the primes up to the square root of its
 * end.
 *
 * @throws {UnsafeIntegerError} for a limit that is not an integer up to 2^53 - 1: the primes
 *   are of type `number`.
 */
export function primesBelow(limit: number | bigint): IterableIterator<number> {
  assertExactInteger(limit);
  if (limit > Number.MAX_SAFE_INTEGER)
    throw new UnsafeIntegerError(
      `Expected a limit up to 2^53 - 1, got ${String(limit)}: the primes come as numbers`,
    );
  return new PrimesBelow(Number(limit));
}

/** Not a generator, which takes twice as long. */
class PrimesBelow implements IterableIterator<number> {
  #limit: number;
  #sieve: WheelSieve | undefined;
  #composites: Uint8Array = new Uint8Array();
  /** Of the current byte. */
  #index = 0;
  /** Those bits of it that are still to come, */
  #bits = 0b111;
  /** and the numbers that they stand for: `#base` and one of the residues. */
  #base = 0;
  #residues = WHEEL_PRIMES;

  constructor(limit: number) {
    this.#limit = limit;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<number, undefined> {
    while (this.#bits === 0) this.#advance();
    const lowest = this.#bits & -this.#bits;
    const prime = this.#base + (this.#residues[31 - Math.clz32(lowest)] ?? 0);
    if (prime >= this.#limit) return this.return();
    this.#bits ^= lowest;
    return { value: prime, done: false };
  }

  return(): IteratorResult<number, undefined> {
    this.#limit = 0;
    this.#bits = 1; // a number that is not below the limit: next() stays with it
    this.#sieve = undefined;
    this.#composites = new Uint8Array();
    return { value: undefined, done: true };
  }

  /** Goes on to the next byte; there is always one, since a prime lies above each limit. */
  #advance(): void {
    this.#index++;
    if (this.#index >= this.#composites.length) this.#advanceSegment();
    const start = this.#sieve?.start ?? 0;
    this.#base = (start + this.#index) * CIRCUMFERENCE;
    this.#bits = ~(this.#composites[this.#index] ?? 0) & 0xff;
  }

  #advanceSegment(): void {
    this.#sieve ??= sieveBelow(this.#limit);
    this.#sieve.advance();
    this.#composites = this.#sieve.composites;
    this.#index = 0;
    this.#residues = RESIDUES;
  }
}

function sieveBelow(limit: number): WheelSieve {
  const bytes = Math.min(SEGMENT_BYTES, Math.ceil(limit / CIRCUMFERENCE));
  return new WheelSieve(bytes, primesBelow(Math.ceil(Math.sqrt(limit)) + 1));
}
