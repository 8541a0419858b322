/*
 * Who has a task that was sent to a thread: one word of shared memory for each
 * task that the thread may hold. Host and thread take an offered task by
 * compare-and-swap, so exactly one of them gets it.
 *
 * | from      | to        | by     | when                                          |
 * | --------- | --------- | ------ | --------------------------------------------- |
 * | any       | offered   | host   | before the task is sent; the place is free    |
 * | offered   | started   | thread | before it imports the module and runs it      |
 * | offered   | withdrawn | host   | cancel(), or the task is needed elsewhere     |
 *
 * A place is free before its first task, and again once the thread has answered the task,
 * or passed over it. Only the host knows which ones are: nobody looks at their words.
 */
import { CLAIM, RECORD_BYTES } from './task-records.ts';

const OFFERED = 1;
const STARTED = 2;
const WITHDRAWN = 3;

/**
 * The word of a place lies in its record: another line of memory would have to be got from
 * the cache of the other side, too (two lines there and back: 0.55 µs, measured with two
 * threads on two processors).
 */
const wordOf = (place: number): number =>
  (place * RECORD_BYTES + CLAIM) / Int32Array.BYTES_PER_ELEMENT;

/** The host's side. */
export class Claims {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #free: number[] = [];
  readonly #released: (place: number) => void;
  /** How many tasks the thread may hold at once. */
  readonly places: number;

  /**
   * @param memory that begins with the records of all places
   * @param released is told of each place that is free again
   */
  constructor(
    places: number,
    memory = new SharedArrayBuffer(places * RECORD_BYTES),
    released: (place: number) => void = () => undefined,
  ) {
    this.#released = released;
    this.places = places;
    this.memory = memory;
    this.#words = new Int32Array(memory);
    for (let place = places - 1; place >= 0; place -= 1) this.#free.push(place);
  }

  readonly skipsWithdrawn = true;

  /** How many places have a task. */
  get inUse(): number {
    return this.places - this.#free.length;
  }

  /** Whether another task may be offered. */
  get hasFreePlace(): boolean {
    return this.#free.length > 0;
  }

  /** The place of a task that is about to be sent. */
  offer(): number {
    const place = this.#free.pop();
    if (place === undefined) throw new RangeError('no free place is left');
    // Not atomic: the thread looks at it when it has seen the record of the task.
    this.#words[wordOf(place)] = OFFERED;
    return place;
  }

  /** Takes a task back. False if the thread has started it. */
  withdraw(place: number): boolean {
    return (
      Atomics.compareExchange(
        this.#words,
        wordOf(place),
        OFFERED,
        WITHDRAWN,
      ) === OFFERED
    );
  }

  isStarted(place: number): boolean {
    return Atomics.load(this.#words, wordOf(place)) === STARTED;
  }

  suspend(): void {
    // Each task is decided on its own.
  }

  resume(): void {
    // See suspend().
  }

  release(place: number): void {
    this.#free.push(place);
    this.#released(place);
  }
}

/** The thread's side: the right to start the task of a place. */
export type Claim = (place: number) => boolean;

export function claimIn(memory: SharedArrayBuffer): Claim {
  const words = new Int32Array(memory);
  return (place) =>
    Atomics.compareExchange(words, wordOf(place), OFFERED, STARTED) === OFFERED;
}
