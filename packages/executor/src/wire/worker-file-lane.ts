import { monotonicNow } from '../core/clock.ts';
import type { LanePatience, WorkerLane } from './lane.ts';
import {
  ASKED,
  BELL,
  COUNT,
  COUNT_MASK,
  hangBell,
  LaneFileSide,
  PLACE_MASK,
  RELEASED,
  STARTS,
  takeBellDown,
  WITHDRAWN,
} from './lane-file.ts';
import { Kind } from './task-records.ts';
import type { EncodedValue } from './value-reader.ts';

/** So often it reads what the host decides: a tenth of a second or so. */
const MAX_READS = 300_000;

/** The worker's side of a lane in a file. */
export class WorkerFileLane implements WorkerLane {
  readonly #runs: LaneFileSide;
  readonly #answers: LaneFileSide;
  readonly #wake: () => void;
  readonly #patience: LanePatience;
  /** Tasks that are in the file; of these, those whose records were read, and that next() has given. */
  #offered = 0;
  #read = 0;
  #next = 0;
  /** Tasks that were started or passed over. */
  #started = 0;
  #answered = 0;
  /** Places that the host has read the answers of. */
  #released = 0;
  /** Whether the file tells all of that. */
  #isWritten = true;
  /** Whether there are answers for which the host was not rung. */
  #isUntold = false;
  #told = 0;
  #posted = 0;
  place = 0;

  constructor(file: number, wake: () => void, patience: LanePatience) {
    this.#runs = new LaneFileSide(file, 'host');
    this.#answers = new LaneFileSide(file, 'worker');
    this.#wake = wake;
    this.#patience = patience;
  }

  readonly claim = (place: number): boolean => {
    this.#started += 1;
    this.#writeHead();
    const { head } = this.#runs;
    this.#runs.readHead();
    // With each task: it is a count in a byte.
    this.#releaseRead();
    if (head[ASKED] === place + 1) {
      for (let reads = 0; head[ASKED] === place + 1; reads += 1) {
        if (reads === MAX_READS) return false;
        this.#runs.readHead();
      }
      // What was written before that is there now.
      this.#runs.readHead();
    }
    const bits = head[WITHDRAWN + (place >> 3)] ?? 0;
    return (bits & (1 << (place & 7))) === 0;
  };

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    // See HostFileLane.posted().
  }

  arrived(): void {
    // It is the next one: those before it were taken.
    this.#next += 1;
  }

  next(): boolean {
    if (!this.#hasNext()) return false;
    this.place = this.#next & PLACE_MASK;
    this.#next += 1;
    return true;
  }

  taskIn(place: number): number {
    return this.#runs.records.taskIn(place);
  }

  attemptIn(place: number): number {
    return this.#runs.records.attemptIn(place);
  }

  idIn(place: number): number {
    return this.#runs.records.idIn(place);
  }

  isChunk(place: number): boolean {
    return this.#runs.records.kindIn(place) === Kind.chunk;
  }

  encodedIn(place: number): EncodedValue | undefined {
    return this.#runs.readEncoded(place);
  }

  argumentsIn(place: number): unknown[] {
    return this.#runs.records.argumentsIn(place);
  }

  answer(place: number, result: unknown): void {
    this.#answers.records.setResult(place, result);
    this.#answer();
  }

  answerEncoded(place: number, value: EncodedValue): boolean {
    const { encoded } = Kind;
    const owner = this.#answered;
    if (!this.#answers.writeEncoded(place, value, encoded, owner)) return false;
    this.#answer();
    return true;
  }

  answeredByMessage(): void {
    this.#answers.records.setKind(this.#answered & PLACE_MASK, Kind.message);
    this.#answer();
  }

  skip(): void {
    // One that was withdrawn has been claimed; one that nobody wants has not.
    this.#started = Math.max(this.#started, this.#answered + 1);
    this.#answers.records.setKind(this.#answered & PLACE_MASK, Kind.skipped);
    this.#answer();
  }

  turns(): void {
    if (this.#next === this.#offered) this.tell();
  }

  tell(): void {
    if (!this.#isUntold) return;
    this.#isUntold = false;
    if (!this.#isWritten) this.#writeHead();
    this.#runs.readHead();
    // It may be rung two times: mostly there is nothing more to tell before it is awake.
    if (((this.#runs.head[BELL] ?? 0) & 1) === 1) this.#wake();
  }

  park(mayWait: boolean): boolean {
    this.tell();
    if (mayWait) this.#spin();
    hangBell(this.#answers.head);
    this.#writeHead();
    if (!this.#hasNext()) return true;
    takeBellDown(this.#answers.head);
    this.#isWritten = false;
    return false;
  }

  /**
   * What the host has read is not needed any more. It tells how many answers that are. They
   * own their bytes by number: the place of one can be used again before that is seen here.
   */
  #releaseRead(): void {
    const released = this.#runs.count(RELEASED, this.#released);
    for (; this.#released < released; this.#released += 1) {
      this.#answers.release(this.#released);
    }
  }

  /** Sends the record of the task that is the next to be answered. */
  #answer(): void {
    this.#answers.records.setMessages(
      this.#answered & PLACE_MASK,
      this.#posted,
    );
    this.#answers.writeRecords(this.#answered, this.#answered + 1);
    this.#answered += 1;
    this.#isWritten = false;
    this.#isUntold = true;
    if (this.#next < this.#offered) {
      const now = monotonicNow();
      if (now - this.#told < this.#patience.tell) return;
      this.#told = now;
    }
    this.tell();
  }

  #writeHead(): void {
    const { head } = this.#answers;
    head[COUNT] = this.#answered & COUNT_MASK;
    head[STARTS] = this.#started & COUNT_MASK;
    this.#answers.writeHead();
    this.#isWritten = true;
  }

  /** Whether there is a task that need not wait for its message. */
  #hasNext(): boolean {
    if (this.#next === this.#offered && !this.#look()) return false;
    if (this.#read <= this.#next) {
      this.#runs.readRecords(this.#next, this.#offered);
      this.#read = this.#offered;
    }
    return this.#runs.records.kindIn(this.#next & PLACE_MASK) !== Kind.message;
  }

  /** Whether there is a task that was not seen. */
  #look(): boolean {
    this.#runs.readHead();
    this.#offered = this.#runs.count(COUNT, this.#offered);
    return this.#next < this.#offered;
  }

  #spin(): void {
    if (this.#patience.spin === 0) return;
    const end = monotonicNow() + this.#patience.spin;
    while (!this.#look() && monotonicNow() < end);
  }
}
