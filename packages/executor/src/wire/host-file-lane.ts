import type { HostLane, LaneClaims } from './lane.ts';
import {
  ASKED,
  BELL,
  COUNT,
  COUNT_MASK,
  hangBell,
  LaneFileSide,
  PLACE_MASK,
  PLACES,
  RELEASED,
  STARTS,
  takeBellDown,
  WITHDRAWN,
} from './lane-file.ts';
import { Kind } from './task-records.ts';
import type { EncodedValue } from './value-reader.ts';

/** So many runs are written at once, if the worker has something to do meanwhile. */
const BATCH = 32;

/** The host's side of a lane in a file. */
export class HostFileLane implements HostLane, LaneClaims {
  readonly places = PLACES;
  readonly #runs: LaneFileSide;
  readonly #answers: LaneFileSide;
  readonly #wake: () => void;
  /** Tasks that were offered; of these, those that the worker was told of. */
  #offered = 0;
  #written = 0;
  /** Answers that are in the file; of these, those that next() has given. */
  #answered = 0;
  #taken = 0;
  /** Places that are free again. They are so in the order of the tasks. */
  #released = 0;
  /** What the worker's head said when it was rung. */
  #rungBell = 0;
  #rungAnswers = 0;
  #received = 0;
  place = 0;
  isSkipped = false;

  /** @param file is written and read by both sides */
  constructor(file: number, wake: () => void) {
    this.#runs = new LaneFileSide(file, 'host');
    this.#answers = new LaneFileSide(file, 'worker');
    this.#wake = wake;
    hangBell(this.#runs.head);
    this.#runs.writeHead();
  }

  get claims(): LaneClaims {
    return this;
  }

  get hasFreePlace(): boolean {
    return this.#offered - this.#released < PLACES;
  }

  offer(): number {
    const place = this.#offered & PLACE_MASK;
    this.#offered += 1;
    this.#setWithdrawn(place, false);
    return place;
  }

  withdraw(place: number): boolean {
    const task = this.#taskIn(place);
    const { head } = this.#runs;
    if (task >= this.#written) {
      this.#setWithdrawn(place, true);
      return true;
    }
    head[ASKED] = place + 1;
    this.#runs.writeHead();
    const isWithdrawn = !this.#hasStarted(task);
    if (isWithdrawn) {
      // Alone: who reads that nothing is asked for must see it.
      this.#setWithdrawn(place, true);
      this.#runs.writeHead();
    }
    head[ASKED] = 0;
    this.#runs.writeHead();
    return isWithdrawn;
  }

  isStarted(place: number): boolean {
    return this.#hasStarted(this.#taskIn(place));
  }

  release(place: number): void {
    this.#released += 1;
    // Written with the next task.
    this.#runs.head[RELEASED] = this.#released & COUNT_MASK;
    this.#runs.release(place);
  }

  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: readonly unknown[],
  ): void {
    this.#runs.records.setTask(place, task, id, attempt);
    this.#runs.records.setArguments(place, args);
    this.#flushIfDue();
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
    if (!this.#runs.writeEncoded(place, value, kind, place)) return false;
    this.#runs.records.setTask(place, task, id, attempt);
    this.#flushIfDue();
    return true;
  }

  announce(place: number): void {
    this.#runs.records.setKind(place, Kind.message);
    this.flush();
  }

  flush(): void {
    if (this.#written === this.#offered) return;
    this.#runs.writeRecords(this.#written, this.#offered);
    this.#written = this.#offered;
    this.#runs.head[COUNT] = this.#offered & COUNT_MASK;
    this.#runs.writeHead();
    this.#answers.readHead();
    const bell = this.#answers.head[BELL] ?? 0;
    if ((bell & 1) === 0) return;
    // One that has woken up has answered before it waits again.
    const answers = this.#answers.head[COUNT] ?? 0;
    if (bell === this.#rungBell && answers === this.#rungAnswers) return;
    this.#rungBell = bell;
    this.#rungAnswers = answers;
    this.#wake();
  }

  posted(): void {
    // Runs that come in messages have their records, and the worker looks for these
    // before it does what a message says.
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  get hasAnswer(): boolean {
    return this.#taken < this.#answered || this.#readAnswers();
  }

  next(): boolean {
    while (this.#taken < this.#answered) {
      const place = this.#taken & PLACE_MASK;
      if (this.#answers.records.messagesIn(place) !== this.#received)
        return false;
      this.#taken += 1;
      const kind = this.#answers.records.kindIn(place);
      if (kind === Kind.message) continue; // it has come
      this.place = place;
      this.isSkipped = kind === Kind.skipped;
      return true;
    }
    return false;
  }

  get encoded(): EncodedValue | undefined {
    return this.#answers.readEncoded(this.place);
  }

  get result(): unknown {
    return this.#answers.records.resultIn(this.place);
  }

  park(): boolean {
    hangBell(this.#runs.head);
    this.#runs.writeHead();
    if (this.#taken === this.#answered && !this.#readAnswers()) return true;
    const place = this.#taken & PLACE_MASK;
    return this.#answers.records.messagesIn(place) !== this.#received;
  }

  unpark(): void {
    // Written with the next task. Until then it may be rung for nothing.
    takeBellDown(this.#runs.head);
  }

  #flushIfDue(): void {
    const isIdle = this.#offered - this.#released === 1;
    if (isIdle || this.#offered - this.#written >= BATCH) this.flush();
  }

  #readAnswers(): boolean {
    this.#answers.readHead();
    const answered = this.#answers.count(COUNT, this.#answered);
    if (answered === this.#answered) return false;
    this.#answers.readRecords(this.#answered, answered);
    this.#answered = answered;
    return true;
  }

  /** The number of the last task that was offered with this place. */
  #taskIn(place: number): number {
    const last = this.#offered - 1;
    return last - ((last - place) & PLACE_MASK);
  }

  #hasStarted(task: number): boolean {
    this.#answers.readHead();
    return task < this.#answers.count(STARTS, this.#released);
  }

  #setWithdrawn(place: number, isWithdrawn: boolean): void {
    const byte = WITHDRAWN + (place >> 3);
    const bit = 1 << (place & 7);
    const bits = this.#runs.head[byte] ?? 0;
    this.#runs.head[byte] = isWithdrawn ? bits | bit : bits & ~bit;
  }
}
