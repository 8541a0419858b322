/*
 * The lane (see lane.ts) of a thread: two rings and the places of tasks in shared
 * memory.
 */
import { Claims, claimIn, type Claim } from './claims.ts';
import {
  MAX_ENCODED,
  type HostLane,
  type LanePatience,
  type WorkerLane,
} from './lane.ts';
import { ringMemory, RingReader, RingWriter } from './ring.ts';
import { SMALL_BYTES, SmallValues } from './small-values.ts';

/** Bytes before the values of a place. The id takes 8: it grows for ever. */
const TASK = 0;
const ATTEMPT = 4;
const ID = 8;
/** What the values are, and how many bytes of encoded ones there are. */
const FORM = 16;
const LENGTH = 20;
const HEAD_BYTES = 24;

/** Forms. */
const SMALL = 0;
const ENCODED = 1;
const CHUNK = 2;

const PLACE_BYTES = HEAD_BYTES + SMALL_BYTES;

/** So often a thread looks for a task before it looks at the clock again. */
const LOOKS = 32;

/** The bit of an answer that says that the task was passed over. */
const SKIPPED = 1 << 30;

/** What the host gives to the thread. */
export interface LaneMemory {
  readonly claims: SharedArrayBuffer;
  readonly places: SharedArrayBuffer;
  /** For encoded values, MAX_ENCODED for each place. Pages that are not used take no memory. */
  readonly encoded: SharedArrayBuffer;
  readonly toThread: SharedArrayBuffer;
  readonly toHost: SharedArrayBuffer;
}

/** The places of tasks, as both sides see them. */
class Places {
  readonly #heads: DataView;
  readonly #values: SmallValues;
  readonly #encoded: Uint8Array;

  constructor({ places, encoded }: LaneMemory) {
    this.#heads = new DataView(places);
    this.#values = new SmallValues(Buffer.from(places));
    this.#encoded = new Uint8Array(encoded);
  }

  setHead(place: number, task: number, id: number, attempt: number): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + TASK, task);
    this.#heads.setInt32(at + ATTEMPT, attempt);
    this.#heads.setFloat64(at + ID, id);
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

  isChunk(place: number): boolean {
    return this.#heads.getInt32(place * PLACE_BYTES + FORM) === CHUNK;
  }

  setArguments(place: number, args: readonly unknown[]): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, SMALL);
    this.#values.writeAll(at + HEAD_BYTES, args);
  }

  argumentsIn(place: number): unknown[] {
    return this.#values.readAll(place * PLACE_BYTES + HEAD_BYTES);
  }

  setResult(place: number, result: unknown): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, SMALL);
    this.#values.writeOne(at + HEAD_BYTES, result);
  }

  resultIn(place: number): unknown {
    return this.#values.readOne(place * PLACE_BYTES + HEAD_BYTES);
  }

  setEncoded(place: number, bytes: Uint8Array, isChunk: boolean): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, isChunk ? CHUNK : ENCODED);
    this.#heads.setInt32(at + LENGTH, bytes.length);
    this.#encoded.set(bytes, place * MAX_ENCODED);
  }

  encodedIn(place: number): Uint8Array | undefined {
    const at = place * PLACE_BYTES;
    if (this.#heads.getInt32(at + FORM) === SMALL) return undefined;
    const start = place * MAX_ENCODED;
    const length = this.#heads.getInt32(at + LENGTH);
    // Not a view: V8 reads from memory of this side only.
    const bytes = new Uint8Array(length);
    bytes.set(this.#encoded.subarray(start, start + length));
    return bytes;
  }
}

/** The host's side. */
export class HostMemoryLane implements HostLane {
  readonly memory: LaneMemory;
  readonly claims: Claims;
  readonly #places: Places;
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
      encoded: new SharedArrayBuffer(places * MAX_ENCODED),
      toThread: ringMemory(places),
      toHost: ringMemory(places),
    };
    this.#places = new Places(this.memory);
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
    this.#places.setHead(place, task, id, attempt);
    this.#places.setArguments(place, args);
    this.#push(place);
  }

  runEncoded(
    place: number,
    task: number,
    id: number,
    attempt: number,
    isChunk: boolean,
    bytes: Uint8Array,
  ): boolean {
    this.#places.setHead(place, task, id, attempt);
    this.#places.setEncoded(place, bytes, isChunk);
    this.#push(place);
    return true;
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

  get encoded(): Uint8Array | undefined {
    return this.#places.encodedIn(this.place);
  }

  get result(): unknown {
    return this.#places.resultIn(this.place);
  }

  park(): boolean {
    // One that waits for a message needs no bell: the message comes.
    return this.#answers.park() || this.#answers.word(1) !== this.#received;
  }

  unpark(): void {
    this.#answers.unpark();
  }

  #push(place: number): void {
    this.#runs.push(place, this.#posted);
    if (this.#runs.isReaderParked && this.#runs.unparkReader()) this.#wake();
  }
}

/** The thread's side. */
export class WorkerMemoryLane implements WorkerLane {
  readonly claim: Claim;
  readonly #places: Places;
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
    this.#places = new Places(memory);
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
    return this.#places.taskIn(place);
  }

  attemptIn(place: number): number {
    return this.#places.attemptIn(place);
  }

  idIn(place: number): number {
    return this.#places.idIn(place);
  }

  isChunk(place: number): boolean {
    return this.#places.isChunk(place);
  }

  encodedIn(place: number): Uint8Array | undefined {
    return this.#places.encodedIn(place);
  }

  argumentsIn(place: number): unknown[] {
    return this.#places.argumentsIn(place);
  }

  answer(place: number, result: unknown): void {
    this.#places.setResult(place, result);
    this.#push(place);
  }

  answerEncoded(place: number, bytes: Uint8Array): boolean {
    this.#places.setEncoded(place, bytes, false);
    this.#push(place);
    return true;
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
