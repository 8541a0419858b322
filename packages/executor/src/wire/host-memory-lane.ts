import { Claims } from './claims.ts';
import { fitsPlace, type HostLane } from './lane.ts';
import {
  Places,
  placesMemory,
  SKIPPED,
  type LaneMemory,
} from './lane-memory.ts';
import { ringMemory, RingReader, RingWriter } from './ring.ts';
import { Kind } from './task-records.ts';
import { TextArea, textMemory } from './text-area.ts';
import type { SmallValue } from './small-values.ts';
import type { EncodedValue } from './encoded-value.ts';

/**
 * So many runs are shown to the thread at once, and at most a quarter of those that it has, so
 * that it has something to do meanwhile. To show one, the processor waits until all that was
 * written before it has left the cache of the thread's processor. Measured: a burst is 1.05
 * times as fast as with one at a time, with 64 in flight 1.06 to 1.1.
 */
const MAX_HIDDEN = 8;
const HIDDEN_SHARE = 1 / 4;

/** The host's side of a lane in memory. */
export class HostMemoryLane implements HostLane {
  readonly memory: LaneMemory;
  readonly claims: Claims;
  readonly #places: Places;
  readonly #own: TextArea;
  readonly #thread: TextArea;
  readonly #runs: RingWriter;
  readonly #answers: RingReader;
  readonly #wake: () => void;
  /** Runs that the thread was not shown. */
  #hidden = 0;
  #posted = 0;
  #received = 0;
  readonly callTime = 0;
  place = 0;
  isSkipped = false;

  /**
   * @param places how many tasks the thread may hold; a power of 2
   * @param wake has the thread look into its ring
   */
  constructor(places: number, wake: () => void) {
    this.memory = {
      places: placesMemory(places),
      fromHost: textMemory(),
      fromThread: textMemory(),
      toThread: ringMemory(places),
      toHost: ringMemory(places),
    };
    this.#places = new Places(this.memory.places);
    this.#own = new TextArea(this.#places, this.memory.fromHost);
    this.#thread = new TextArea(this.#places, this.memory.fromThread);
    this.claims = new Claims(places, this.memory.places, (place) => {
      this.#own.release(place);
    });
    this.#runs = new RingWriter(this.memory.toThread);
    this.#answers = new RingReader(this.memory.toHost);
    this.#wake = wake;
  }

  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: unknown,
  ): void {
    this.#places.setTask(place, task, id, attempt);
    this.#places.setArguments(place, args);
    this.#push(place);
  }

  runEncoded(
    place: number,
    task: number,
    id: number,
    attempt: number,
    isChunk: boolean,
    value: EncodedValue,
  ): boolean {
    const kind = isChunk ? Kind.chunk : Kind.encoded;
    if (fitsPlace(value)) this.#places.setEncoded(place, kind, value.bytes);
    else if (!this.#own.write(place, kind, value, place)) return false;
    this.#places.setTask(place, task, id, attempt);
    this.#push(place);
    return true;
  }

  announce(): void {
    // Its message says it all.
  }

  flush(): void {
    if (this.#hidden === 0) return;
    this.#hidden = 0;
    this.#runs.show();
    if (this.#runs.isReaderAway && this.#runs.callReader()) this.#wake();
  }

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
    this.#runs.wakeReader();
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  get hasAnswer(): boolean {
    if (!this.#answers.isEmpty) return true;
    // The thread may have done all that it was shown, in the middle of a loop that submits.
    this.flush();
    return false;
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

  get encoded(): EncodedValue | undefined {
    const bytes = this.#places.encodedIn(this.place);
    if (bytes !== undefined) return { bytes };
    const value = this.#thread.read(this.place);
    if (value !== undefined) this.#answers.tellTaken();
    return value;
  }

  get result(): SmallValue {
    return this.#places.resultIn(this.place);
  }

  get runTime(): number {
    return this.#places.runTimeIn(this.place);
  }

  park(least = 1): boolean {
    // One that waits for a message needs no bell: the message comes.
    return (
      this.#answers.park(least) || this.#answers.word(1) !== this.#received
    );
  }

  unpark(): void {
    this.#answers.unpark();
  }

  #push(place: number): void {
    this.#runs.put(place, this.#posted);
    this.#hidden += 1;
    const most = Math.min(MAX_HIDDEN, this.claims.inUse * HIDDEN_SHARE);
    if (this.#hidden >= most) this.flush();
  }
}
