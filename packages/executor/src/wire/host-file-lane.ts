import { CallTimer } from './call-timer.ts';
import { fitsPlace, type HostLane, type LaneClaims } from './lane.ts';
import { LaneFileSide, MAX_READ_UNTOLD, type LaneFiles } from './lane-file.ts';
import { PLACES, RecordReader, RecordWriter } from './record-files.ts';
import { Kind, makeRecords, RECORD_BYTES } from './task-records.ts';
import type { SmallValue } from './small-values.ts';
import type { EncodedValue } from './encoded-value.ts';

/**
 * So many runs are written at once, if the worker has something to do meanwhile: as many as it
 * has, within these bounds. Measured: with 64 for all a burst of 50,000 is 1.07 times as fast as
 * with 32, but one of 100 takes 1.1 times as long.
 */
const MIN_BATCH = 32;
const MAX_BATCH = 128;

/** So many records of answers are read at once: 64 KiB. */
const READ = 512;

interface HostFileLaneEvents {
  /** Has the worker look into its lane. */
  wake(): void;
  /** The worker does nothing, and can be sent nothing. */
  broken(): void;
}

/** The host's side of a lane in files. */
export class HostFileLane implements HostLane, LaneClaims {
  readonly places = PLACES;
  readonly skipsWithdrawn = false;
  readonly #events: HostFileLaneEvents;
  readonly #own: LaneFileSide;
  readonly #worker: LaneFileSide;
  readonly #free = Array.from({ length: PLACES }, (_, index) => index);

  // Runs that wait to be written. They may be all there are, and one more is read with them.
  readonly #runs: RecordWriter;
  readonly #runRecords = makeRecords(PLACES + 1);
  #waiting = 0;
  /** How often suspend() was called, and resume() was not. */
  #suspended = 0;
  #posted = 0;

  // Records of answers that were read; next() has given some of them.
  readonly #answers: RecordReader;
  readonly #answerRecords = makeRecords(READ);
  #answered = 0;
  #next = 0;
  #at = 0;
  /** How many next() has ever given; of these, those that the head tells of. */
  #taken = 0;
  #told = 0;
  #received = 0;

  /** Whether the worker is to read what the head says with the next runs. */
  #isHeadOld = true;
  /** What the worker's head said when it was rung. */
  #rungBell = 0;
  #rungAnswers = 0;
  readonly #headCalls = new CallTimer();
  place = 0;
  isSkipped = false;

  /** @param files are written and read by both sides */
  constructor(files: LaneFiles, events: HostFileLaneEvents) {
    this.#events = events;
    this.#own = new LaneFileSide(files.common, 'host');
    this.#worker = new LaneFileSide(files.common, 'worker');
    this.#runs = new RecordWriter(files.runs);
    this.#answers = new RecordReader(files.answers);
    this.#own.hangBell();
    this.#own.writeHead();
  }

  get claims(): LaneClaims {
    return this;
  }

  get callTime(): number {
    return this.#headCalls.value;
  }

  get hasFreePlace(): boolean {
    return this.#free.length > 0;
  }

  offer(): number {
    const place = this.#free.pop();
    if (place === undefined) throw new RangeError('no free place is left');
    return place;
  }

  withdraw(place: number): boolean {
    this.suspend();
    const index = this.#indexOf(place);
    if (index !== undefined) {
      this.#dropRuns(index, 1);
    }
    this.resume();
    return index !== undefined;
  }

  isStarted(place: number): boolean {
    this.suspend();
    const index = this.#indexOf(place);
    this.resume();
    return index === undefined;
  }

  suspend(): void {
    this.#suspended += 1;
    if (this.#suspended > 1) return;
    const { memory } = this.#runRecords;
    // Those that were written come first.
    const waiting = Buffer.from(
      memory.subarray(0, this.#waiting * RECORD_BYTES),
    );
    const count = this.#runs.takeBack(this.#runRecords);
    memory.set(waiting, count * RECORD_BYTES);
    this.#waiting += count;
  }

  resume(): void {
    this.#suspended -= 1;
    this.flush();
  }

  release(place: number): void {
    this.#free.push(place);
    this.#own.release(place);
    // It could not be written when it was time to.
    if (this.#waiting > 0 && this.#unanswered() === 0) this.flush();
  }

  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: unknown,
  ): void {
    this.#runRecords.setArguments(this.#waiting, args);
    this.#add(place, task, id, attempt);
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
    const records = this.#runRecords;
    const index = this.#waiting;
    if (!this.#own.writeEncoded(records, index, kind, value, place, place)) {
      return false;
    }
    this.#add(place, task, id, attempt);
    return true;
  }

  announce(place: number, id: number): void {
    this.#runRecords.setKind(this.#waiting, Kind.message);
    this.#add(place, 0, id, 0);
    this.flush();
  }

  flush(): void {
    if (this.#waiting === 0 || this.#suspended > 0) return;
    // Before the runs: so many more the worker cannot answer before it can see it.
    if (this.#isHeadOld || this.#taken - this.#told >= MAX_READ_UNTOLD) {
      this.#writeHead();
    }
    this.#dropRuns(0, this.#runs.write(this.#runRecords, this.#waiting));
    if (this.#waiting > 0 && this.#unanswered() === 0) {
      this.#events.broken();
      return;
    }
    this.#ring();
  }

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  get hasAnswer(): boolean {
    return this.#next < this.#answered || this.#readAnswers();
  }

  next(): boolean {
    const at = this.#next;
    const records = this.#answerRecords;
    if (at === this.#answered || records.messagesIn(at) !== this.#received) {
      return false;
    }
    this.#next += records.spanIn(at);
    this.#taken += 1;
    this.#at = at;
    this.place = records.placeIn(at);
    this.isSkipped = records.kindIn(at) === Kind.skipped;
    return true;
  }

  get encoded(): EncodedValue | undefined {
    const value = this.#worker.readEncoded(this.#answerRecords, this.#at);
    // The worker is to know that it was read, if it lies in its area.
    if (value !== undefined && !fitsPlace(value)) {
      this.#isHeadOld = true;
    }
    return value;
  }

  get result(): SmallValue {
    return this.#answerRecords.resultIn(this.#at);
  }

  get runTime(): number {
    return this.#answerRecords.runTimeIn(this.#at);
  }

  park(least = 1): boolean {
    this.#own.hangBell();
    this.#writeHead();
    // Those that were read before say nothing of those that came since.
    const isKnown = this.#next === this.#answered;
    if (!this.hasAnswer) return true;
    if (this.#answerRecords.messagesIn(this.#next) !== this.#received) {
      return true;
    }
    // An answer is at least one record.
    return isKnown && this.#answered < least;
  }

  unpark(): void {
    // Written with the next task. Until then it may be rung for nothing.
    this.#own.takeBellDown();
    this.#isHeadOld = true;
  }

  #batch(): number {
    const unanswered = this.#unanswered();
    return unanswered === 0
      ? 1
      : Math.min(Math.max(unanswered, MIN_BATCH), MAX_BATCH);
  }

  /** Of those that were written, how many were not answered. */
  #unanswered(): number {
    return PLACES - this.#free.length - this.#waiting;
  }

  /** They need not wait any more. */
  #dropRuns(first: number, count: number): void {
    if (first + count < this.#waiting) {
      const next = (first + count) * RECORD_BYTES;
      this.#runRecords.memory.copyWithin(first * RECORD_BYTES, next);
    }
    this.#waiting -= count;
  }

  /** Where it is among the runs that wait. */
  #indexOf(place: number): number | undefined {
    for (let index = 0; index < this.#waiting; index += 1) {
      if (this.#runRecords.placeIn(index) === place) return index;
    }
    return undefined;
  }

  #add(place: number, task: number, id: number, attempt: number): void {
    const index = this.#waiting;
    this.#runRecords.setPlace(index, place);
    this.#runRecords.setTask(index, task, id, attempt);
    this.#runRecords.setMessages(index, this.#posted);
    this.#waiting += 1;
    if (this.#waiting >= this.#batch()) this.flush();
  }

  #readAnswers(): boolean {
    this.#answered = this.#answers.read(this.#answerRecords);
    this.#next = 0;
    return this.#answered > 0;
  }

  #writeHead(): void {
    this.#own.count = this.#taken;
    this.#told = this.#taken;
    this.#own.writeHead();
    this.#isHeadOld = false;
  }

  #ring(): void {
    const begun = this.#headCalls.begin();
    this.#worker.readHead();
    this.#headCalls.ended(begun);
    if (!this.#worker.isBellHung) return;
    // One that has woken up has answered before it waits again.
    const { bell } = this.#worker;
    const answers = this.#worker.countSign;
    if (bell === this.#rungBell && answers === this.#rungAnswers) return;
    this.#rungBell = bell;
    this.#rungAnswers = answers;
    this.#events.wake();
  }
}
