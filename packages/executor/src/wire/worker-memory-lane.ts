import { monotonicNow } from '../core/clock.ts';
import { claimIn, type Claim } from './claims.ts';
import { fitsPlace, type LanePatience, type WorkerLane } from './lane.ts';
import { Places, SKIPPED, type LaneMemory } from './lane-memory.ts';
import { Kind } from './task-records.ts';
import { RunClock } from './run-clock.ts';
import { RingReader, RingWriter } from './ring.ts';
import { TextArea } from './text-area.ts';
import type { EncodedValue } from './encoded-value.ts';

export interface MemoryLanePatience extends LanePatience {
  /**
   * How long a thread that has looked for a task sleeps, where nothing but a task or a
   * message wakes it: to wake it there takes a third of what it takes to wake its event
   * loop. Its event loop stands still meanwhile, no longer than tasks may hold it up.
   */
  readonly sleep: number;
}

/** So often a thread looks for a task before it looks at the clock again. */
const LOOKS = 32;

/** The thread's side of a lane in memory. */
export class WorkerMemoryLane implements WorkerLane {
  readonly claim: Claim;
  readonly announcesMessages = false;
  readonly isMessage = false;
  readonly #places: Places;
  readonly #host: TextArea;
  readonly #own: TextArea;
  /** The answers that have bytes in its area, in order. */
  readonly #held: number[] = [];
  readonly #runs: RingReader;
  readonly #answers: RingWriter;
  readonly #wake: () => void;
  readonly #clock = new RunClock();
  readonly #patience: MemoryLanePatience;
  #posted = 0;
  #received = 0;
  /** Whether a message has come since the last task of the lane. */
  #isMessageLast = false;
  /** Whether there are answers that the host does not know of, and when it was last told. */
  #isUntold = false;
  #told = 0;
  place = 0;

  /** @param wake has the host look into its ring */
  constructor(
    memory: LaneMemory,
    wake: () => void,
    patience: MemoryLanePatience,
  ) {
    this.#patience = patience;
    this.claim = claimIn(memory.places);
    this.#places = new Places(memory.places);
    this.#host = new TextArea(this.#places, memory.fromHost);
    this.#own = new TextArea(this.#places, memory.fromThread);
    this.#runs = new RingReader(memory.toThread);
    this.#answers = new RingWriter(memory.toHost);
    this.#wake = wake;
  }

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
    this.#isMessageLast = true;
  }

  next(): boolean {
    if (this.#runs.isEmpty) return false;
    if (this.#runs.word(1) !== this.#received) return false;
    this.place = this.#runs.word(0);
    this.#runs.drop();
    this.#isMessageLast = false;
    this.#clock.begin();
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
    return this.#places.kindIn(place) === Kind.chunk;
  }

  encodedIn(place: number): EncodedValue | undefined {
    const bytes = this.#places.encodedIn(place);
    return bytes === undefined ? this.#host.read(place) : { bytes };
  }

  argumentsIn(place: number): unknown[] {
    return this.#places.argumentsIn(place);
  }

  answer(place: number, result: unknown): boolean {
    this.#places.setResult(place, result);
    this.#pushAnswer(place);
    return true;
  }

  answerEncoded(place: number, value: EncodedValue): boolean {
    const { encoded } = Kind;
    if (fitsPlace(value)) this.#places.setEncoded(place, encoded, value.bytes);
    else if (!this.#writeTexts(place, value)) return false;
    this.#pushAnswer(place);
    return true;
  }

  skip(place: number): boolean {
    this.#push(place | SKIPPED, monotonicNow());
    return true;
  }

  park(mayWait: boolean): boolean {
    this.tell();
    this.#clock.rest();
    // After a message the next task comes by message, too, which this would hold up.
    if (mayWait && !this.#isMessageLast && !this.#spin()) {
      this.#runs.sleep(this.#patience.sleep);
    }
    // One that waits for a message needs no bell: the message comes.
    return this.#runs.park() || this.#runs.word(1) !== this.#received;
  }

  /** Whether there is a task. */
  #spin(): boolean {
    if (this.#patience.spin === 0) return false;
    let now = monotonicNow();
    const end = now + this.#patience.spin;
    do {
      for (let looks = 0; looks < LOOKS; looks += 1) {
        if (this.#runs.isEmpty) continue;
        this.#clock.begin(now);
        return true;
      }
      now = monotonicNow();
    } while (now < end);
    return false;
  }

  #writeTexts(place: number, value: EncodedValue): boolean {
    this.#releaseRead();
    const { count } = this.#answers;
    if (!this.#own.write(place, Kind.encoded, value, count)) return false;
    this.#held.push(count);
    return true;
  }

  /** What the host has read is not needed any more. */
  #releaseRead(): void {
    const { taken } = this.#answers;
    let [first] = this.#held;
    while (first !== undefined && ((first - taken) | 0) < 0) {
      this.#own.release(first);
      this.#held.shift();
      [first] = this.#held;
    }
  }

  #pushAnswer(place: number): void {
    const now = monotonicNow();
    this.#places.setRunTime(place, this.#clock.end(now));
    this.#push(place, now);
  }

  #push(word: number, now: number): void {
    this.#answers.push(word, this.#posted);
    this.#isUntold = this.#answers.isReaderAway;
    if (!this.#isUntold) return; // it looks once more before it is parked
    if (!this.#runs.isEmpty && now - this.#told < this.#patience.tell) return;
    this.#told = now;
    this.tell();
  }

  turns(): void {
    if (this.#runs.isEmpty) this.tell();
  }

  tell(): void {
    if (!this.#isUntold) return;
    this.#isUntold = false;
    if (this.#answers.isReaderAway && this.#answers.callReader()) {
      this.#wake();
    }
  }
}
