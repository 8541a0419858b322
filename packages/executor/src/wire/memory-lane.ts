/*
 * The lane (see lane.ts) of a thread: two rings and the places of tasks in shared
 * memory.
 */
import { Claims, claimIn, type Claim } from './claims.ts';
import type { HostLane, LanePatience, WorkerLane } from './lane.ts';
import { ringMemory, RingReader, RingWriter } from './ring.ts';
import { SMALL_BYTES, SmallValues } from './small-values.ts';

/** Bytes before the values of a place. The id takes 8: it grows for ever. */
const TASK = 0;
const ATTEMPT = 4;
const ID = 8;
const HEAD_BYTES = 16;
const PLACE_BYTES = HEAD_BYTES + SMALL_BYTES;

/** So often a thread looks for a task before it looks at the clock again. */
const LOOKS = 32;

/** The bit of an answer that says that the task was passed over. */
const SKIPPED = 1 << 30;

/** What the host gives to the thread. */
export interface LaneMemory {
  readonly claims: SharedArrayBuffer;
  readonly places: SharedArrayBuffer;
  readonly toThread: SharedArrayBuffer;
  readonly toHost: SharedArrayBuffer;
}

/** The host's side. */
export class HostMemoryLane implements HostLane {
  readonly memory: LaneMemory;
  readonly claims: Claims;
  readonly #heads: DataView;
  readonly #values: SmallValues;
  readonly #runs: RingWriter;
  readonly #answers: RingReader;
  readonly #wake: () => void;
  #posted = 0;
  #received = 0;
  place = 0;
  isSkipped = false;

  /**
   * @param places how many tasks the thread may hold; a power of 2
   * @param wake has the thread look into its ring
   */
  constructor(places: number, wake: () => void) {
    this.claims = new Claims(places);
    this.memory = {
      claims: this.claims.memory,
      places: new SharedArrayBuffer(places * PLACE_BYTES),
      toThread: ringMemory(places),
      toHost: ringMemory(places),
    };
    this.#heads = new DataView(this.memory.places);
    this.#values = new SmallValues(Buffer.from(this.memory.places));
    this.#runs = new RingWriter(this.memory.toThread);
    this.#answers = new RingReader(this.memory.toHost);
    this.#wake = wake;
  }

  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: readonly unknown[],
  ): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + TASK, task);
    this.#heads.setInt32(at + ATTEMPT, attempt);
    this.#heads.setFloat64(at + ID, id);
    this.#values.writeAll(at + HEAD_BYTES, args);
    this.#runs.push(place, this.#posted);
    if (this.#runs.isReaderParked && this.#runs.unparkReader()) this.#wake();
  }

  announce(): void {
    // Its message says it all.
  }

  flush(): void {
    // What is in the ring can be seen.
  }

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  get hasAnswer(): boolean {
    return !this.#answers.isEmpty;
  }

  next(): boolean {
    if (this.#answers.isEmpty) return false;
    if (this.#answers.word(1) !== this.#received) return false;
    const word = this.#answers.word(0);
    this.#answers.drop();
    this.place = word & ~SKIPPED;
    this.isSkipped = (word & SKIPPED) !== 0;
    return true;
  }

  get result(): unknown {
    return this.#values.readOne(this.place * PLACE_BYTES + HEAD_BYTES);
  }

  park(): boolean {
    // One that waits for a message needs no bell: the message comes.
    return this.#answers.park() || this.#answers.word(1) !== this.#received;
  }

  unpark(): void {
    this.#answers.unpark();
  }
}

/** The thread's side. */
export class WorkerMemoryLane implements WorkerLane {
  readonly claim: Claim;
  readonly #heads: DataView;
  readonly #values: SmallValues;
  readonly #runs: RingReader;
  readonly #answers: RingWriter;
  readonly #wake: () => void;
  readonly #patience: LanePatience;
  #posted = 0;
  #received = 0;
  /** When the host was told of answers. */
  #told = 0;
  place = 0;

  /** @param wake has the host look into its ring */
  constructor(memory: LaneMemory, wake: () => void, patience: LanePatience) {
    this.#patience = patience;
    this.claim = claimIn(memory.claims);
    this.#heads = new DataView(memory.places);
    this.#values = new SmallValues(Buffer.from(memory.places));
    this.#runs = new RingReader(memory.toThread);
    this.#answers = new RingWriter(memory.toHost);
    this.#wake = wake;
  }

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  arrived(): void {
    // It has no record.
  }

  next(): boolean {
    if (this.#runs.isEmpty) return false;
    if (this.#runs.word(1) !== this.#received) return false;
    this.place = this.#runs.word(0);
    this.#runs.drop();
    return true;
  }

  taskIn(place: number): number {
    return this.#heads.getInt32(place * PLACE_BYTES + TASK);
  }

  attemptIn(place: number): number {
    return this.#heads.getInt32(place * PLACE_BYTES + ATTEMPT);
  }

  idIn(place: number): number {
    return this.#heads.getFloat64(place * PLACE_BYTES + ID);
  }

  argumentsIn(place: number): unknown[] {
    return this.#values.readAll(place * PLACE_BYTES + HEAD_BYTES);
  }

  answer(place: number, result: unknown): void {
    this.#values.writeOne(place * PLACE_BYTES + HEAD_BYTES, result);
    this.#push(place);
  }

  answeredByMessage(): void {
    // It has no record.
  }

  skip(place: number): void {
    this.#push(place | SKIPPED);
  }

  park(mayWait: boolean): boolean {
    if (mayWait) this.#spin();
    // One that waits for a message needs no bell: the message comes.
    return this.#runs.park() || this.#runs.word(1) !== this.#received;
  }

  #spin(): void {
    if (this.#patience.spin === 0) return;
    const end = performance.now() + this.#patience.spin;
    do {
      for (let looks = 0; looks < LOOKS; looks += 1) {
        if (!this.#runs.isEmpty) return;
      }
    } while (performance.now() < end);
  }

  #push(word: number): void {
    this.#answers.push(word, this.#posted);
    if (!this.#answers.isReaderParked) return;
    const now = performance.now();
    if (!this.#runs.isEmpty && now - this.#told < this.#patience.tell) return;
    this.#told = now;
    this.tell();
  }

  tell(): void {
    if (this.#answers.isReaderParked && this.#answers.unparkReader()) {
      this.#wake();
    }
  }
}
