/*
 * A queue of small records in shared memory, from one writer to one reader: two
 * words each, and the count of all that were ever written. The count is stored
 * after the record, so whoever sees it sees the record (release and acquire; the
 * single-producer queue of L. Lamport, "Proving the Correctness of Multiprocess
 * Programs", 1977).
 *
 * There is no check for a full ring: every record is about a claim place (see
 * claims.ts), a place has one record at a time, and the ring is as long as there
 * are places.
 *
 * The reader tells how many records it has taken when the writer has to know.
 *
 * The reader says when it no longer looks. Each side changes the word that says so
 * before it looks at what the other side has changed, so no record is left behind a
 * reader that does not look.
 *
 * | from   | to     | by     | when                                                    |
 * | ------ | ------ | ------ | ------------------------------------------------------- |
 * | looks  | parked | reader | it waits in its event loop                              |
 * | parked | looks  | writer | before it rings the doorbell, which is a message        |
 * | parked | looks  | reader | there is a record after all, or it was woken otherwise  |
 * | looks  | sleeps | reader | it waits for this word alone, for a short time          |
 * | sleeps | looks  | writer | before it wakes the reader                              |
 * | sleeps | looks  | reader | the time is over                                        |
 */

/** In words; apart, so that the two sides do not share a cache line. */
const COUNT = 0;
const READER = 16;
const TAKEN = 17;
const RECORDS = 32;

/** What the reader does. */
const LOOKS = 0;
const PARKED = 1;
const SLEEPS = 2;

const WORDS = 2;

/** @param length how many records it holds; a power of 2 */
export function ringMemory(length: number): SharedArrayBuffer {
  return new SharedArrayBuffer(
    (RECORDS + length * WORDS) * Int32Array.BYTES_PER_ELEMENT,
  );
}

function maskOf({ length }: Int32Array): number {
  return (length - RECORDS) / WORDS - 1;
}

export class RingWriter {
  readonly #words: Int32Array;
  readonly #mask: number;
  #count = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#mask = maskOf(this.#words);
  }

  /** How many were ever written; like all counts, it overflows. */
  get count(): number {
    return this.#count;
  }

  /** How many the reader had taken when it last told. */
  get taken(): number {
    return Atomics.load(this.#words, TAKEN);
  }

  push(first: number, second: number): void {
    this.put(first, second);
    this.show();
  }

  /** The reader does not see it before show(). */
  put(first: number, second: number): void {
    const words = this.#words;
    const index = RECORDS + (this.#count & this.#mask) * WORDS;
    words[index] = first;
    words[index + 1] = second;
    this.#count = (this.#count + 1) | 0; // it may overflow: both sides do so alike
  }

  show(): void {
    Atomics.store(this.#words, COUNT, this.#count);
  }

  /** Whether the reader does not look any more. */
  get isReaderAway(): boolean {
    return Atomics.load(this.#words, READER) !== LOOKS;
  }

  /** Wakes a reader that sleeps. True if it is parked: then the bell must be rung. */
  callReader(): boolean {
    const did = Atomics.exchange(this.#words, READER, LOOKS);
    if (did === SLEEPS) Atomics.notify(this.#words, READER);
    return did === PARKED;
  }

  /** Wakes a reader that sleeps, for something that is not in the ring. */
  wakeReader(): void {
    if (Atomics.load(this.#words, READER) !== SLEEPS) return;
    const did = Atomics.compareExchange(this.#words, READER, SLEEPS, LOOKS);
    if (did === SLEEPS) Atomics.notify(this.#words, READER);
  }
}

export class RingReader {
  readonly #words: Int32Array;
  readonly #mask: number;
  #taken = 0;
  /** So many were written when it was last looked at. */
  #seen = 0;

  /** A reader begins parked. */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#mask = maskOf(this.#words);
    Atomics.store(this.#words, READER, PARKED);
  }

  get isEmpty(): boolean {
    if (this.#seen !== this.#taken) return false;
    this.#seen = Atomics.load(this.#words, COUNT);
    return this.#seen === this.#taken;
  }

  /** A word of the next record, which stays; there must be one. */
  word(index: 0 | 1): number {
    // Not atomic: the count tells that it is there.
    const at = RECORDS + (this.#taken & this.#mask) * WORDS + index;
    return this.#words[at] ?? 0;
  }

  drop(): void {
    this.#taken = (this.#taken + 1) | 0;
  }

  /** The writer is to know that all that were dropped are done with. */
  tellTaken(): void {
    Atomics.store(this.#words, TAKEN, this.#taken);
  }

  /**
   * From now on the writer rings. False if there is a record: then it does not.
   *
   * @param least so many records there must be, if one is not enough
   */
  park(least = 1): boolean {
    Atomics.store(this.#words, READER, PARKED);
    const left = (Atomics.load(this.#words, COUNT) - this.#taken) | 0;
    return left < least || !this.unpark();
  }

  /** False if the writer has rung already. */
  unpark(): boolean {
    return Atomics.exchange(this.#words, READER, LOOKS) === PARKED;
  }

  /**
   * Waits until there is a record, or the writer wakes it for something else. The
   * event loop stands still meanwhile.
   *
   * @param timeout how long at most, in milliseconds
   */
  sleep(timeout: number): void {
    Atomics.store(this.#words, READER, SLEEPS);
    if (this.isEmpty) Atomics.wait(this.#words, READER, SLEEPS, timeout);
    Atomics.store(this.#words, READER, LOOKS);
  }
}
