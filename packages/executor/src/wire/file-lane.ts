/*
 * The lane (see lane.ts) of a worker process. Processes of Node.js share no memory;
 * they can share a file, which is never written to a disk as long as it is small and
 * short-lived, and one call to read or write some bytes of it takes less than half a
 * microsecond. It has no name: the worker inherits it.
 *
 *   host's head   count of tasks, bell, withdrawn places │ run records
 *   worker's head count of starts, of answers, bell      │ answer records
 *   for each place the bytes of what is not small: of the host until the task is
 *   claimed, then of the worker until it is answered
 *
 * Each byte has one writer at a time. A record is written before the count that tells of it.
 * What is read while it is written may be half old and half new, so the counts are
 * single bytes: they count on from 255 with 0, and there are fewer places than that.
 *
 * A worker runs one task at a time, in the order of sending. Who has a task that was
 * sent ahead is decided as by T. Dekker (in E. W. Dijkstra, "Cooperating Sequential
 * Processes", 1965): the worker writes that it starts the task, then reads whether it
 * was withdrawn; the host writes that it withdraws it, then reads whether it was
 * started. Reads and writes of a file take effect one after the other (POSIX), so at
 * least one of them sees the other. If both do, the host takes the task for started,
 * and gets it back as one that was passed over.
 *
 *   | the worker reads | the host reads | the task                            |
 *   | ---------------- | -------------- | ----------------------------------- |
 *   | nothing          | started        | runs                                |
 *   | withdrawn        | not started    | is withdrawn, and passed over later |
 *   | withdrawn        | started        | is passed over, and runs elsewhere  |
 *
 * A bell is a byte that is odd while its writer waits in its event loop. Each time it
 * is another value, until there are no new ones: whoever rings must have another sign,
 * too, that the other side has not woken up since.
 */
import { readSync, writeSync } from 'node:fs';
import {
  MAX_ENCODED,
  type HostLane,
  type LaneClaims,
  type LanePatience,
  type WorkerLane,
} from './lane.ts';
import { SMALL_BYTES, SmallValues } from './small-values.ts';

/** Tasks that a process may have. At most 128: see above. */
const PLACES = 128;
const PLACE_MASK = PLACES - 1;
const COUNT_MASK = 255;

/** Of a record: what it is, then numbers, then the values. */
const KIND = 0;
const TASK = 4;
const ATTEMPT = 8;
const MESSAGES = 4;
const LENGTH = 12;
const ID = 16;
const HEAD_BYTES = 24;
const RECORD_BYTES = HEAD_BYTES + SMALL_BYTES;
const RECORDS_BYTES = PLACES * RECORD_BYTES;

/** Kinds of run records, and of answer records. */
const SMALL = 0;
const MESSAGE = 1;
const SKIPPED = 2;
const ENCODED = 3;
const CHUNK = 4;

const COUNT = 0;
const BELL = 1;
/** Of the worker's head. */
const STARTS = 2;
/** Of the host's head: a bit for each place. */
const WITHDRAWN = 8;
const FILE_HEAD_BYTES = WITHDRAWN + PLACES / 8;

const HOST_HEAD = 0;
const WORKER_HEAD = 64;
const RUNS = 128;
const ANSWERS = RUNS + RECORDS_BYTES;
/** Encoded values: first the arguments of the task, then its result. */
const VALUES = ANSWERS + RECORDS_BYTES;

/** So many runs are written at once, if the worker has something to do meanwhile. */
const BATCH = 32;

/** The records of one direction, and the head that its writer writes. */
class Side {
  readonly head = Buffer.alloc(FILE_HEAD_BYTES);
  readonly records = Buffer.alloc(RECORDS_BYTES);
  readonly view = new DataView(this.records.buffer, this.records.byteOffset);
  readonly values = new SmallValues(this.records);
  readonly #file: number;
  readonly #headAt: number;
  readonly #recordsAt: number;

  constructor(file: number, headAt: number, recordsAt: number) {
    this.#file = file;
    this.#headAt = headAt;
    this.#recordsAt = recordsAt;
  }

  readHead(): void {
    readSync(this.#file, this.head, 0, FILE_HEAD_BYTES, this.#headAt);
  }

  writeHead(): void {
    writeSync(this.#file, this.head, 0, FILE_HEAD_BYTES, this.#headAt);
  }

  /** Those from one count to another, which is later. */
  readRecords(from: number, to: number): void {
    this.#each(from, to, (at, length) => {
      readSync(this.#file, this.records, at, length, this.#recordsAt + at);
    });
  }

  writeRecords(from: number, to: number): void {
    this.#each(from, to, (at, length) => {
      writeSync(this.#file, this.records, at, length, this.#recordsAt + at);
    });
  }

  setForm(place: number, kind: number, length = 0): void {
    this.view.setUint8(place * RECORD_BYTES + KIND, kind);
    this.view.setInt32(place * RECORD_BYTES + LENGTH, length);
  }

  kindOf(place: number): number {
    return this.view.getUint8(place * RECORD_BYTES + KIND);
  }

  /** False if the disk is full. The file has all else from the beginning. */
  writeEncoded(place: number, bytes: Uint8Array, kind: number): boolean {
    const at = VALUES + place * MAX_ENCODED;
    try {
      writeSync(this.#file, bytes, 0, bytes.length, at);
    } catch {
      return false;
    }
    this.setForm(place, kind, bytes.length);
    return true;
  }

  readEncoded(place: number): Uint8Array | undefined {
    const kind = this.kindOf(place);
    if (kind !== ENCODED && kind !== CHUNK) return undefined;
    const length = this.view.getInt32(place * RECORD_BYTES + LENGTH);
    const bytes = new Uint8Array(length);
    readSync(this.#file, bytes, 0, length, VALUES + place * MAX_ENCODED);
    return bytes;
  }

  /** The count of a byte of the head; it is at most PLACES + 1 after `base`. */
  count(byte: number, base: number): number {
    return base + (((this.head[byte] ?? 0) - base) & COUNT_MASK);
  }

  /** One or two stretches: the records are a ring. */
  #each(
    from: number,
    to: number,
    action: (at: number, length: number) => void,
  ): void {
    const first = from & PLACE_MASK;
    const length = to - from;
    const untilEnd = Math.min(length, PLACES - first);
    action(first * RECORD_BYTES, untilEnd * RECORD_BYTES);
    if (untilEnd < length) action(0, (length - untilEnd) * RECORD_BYTES);
  }
}

/** The writer of the head waits from now on: to the next odd value, it may have been rung. */
function hangBell(head: Buffer): void {
  head[BELL] = (((head[BELL] ?? 0) + 1) | 1) & COUNT_MASK;
}

function takeBellDown(head: Buffer): void {
  head[BELL] = ((head[BELL] ?? 0) + 1) & COUNT_MASK & ~1;
}

/** @throws what the system throws if there is no room for it */
export function prepareLaneFile(file: number): void {
  writeSync(file, Buffer.alloc(VALUES), 0, VALUES, 0);
}

/** The host's side. */
export class HostFileLane implements HostLane, LaneClaims {
  readonly places = PLACES;
  readonly #runs: Side;
  readonly #answers: Side;
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
    this.#runs = new Side(file, HOST_HEAD, RUNS);
    this.#answers = new Side(file, WORKER_HEAD, ANSWERS);
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
    this.#setWithdrawn(place, true);
    if (task >= this.#written) return true;
    this.#runs.writeHead();
    if (!this.#hasStarted(task)) return true;
    this.#setWithdrawn(place, false);
    return false;
  }

  isStarted(place: number): boolean {
    return this.#hasStarted(this.#taskIn(place));
  }

  release(): void {
    this.#released += 1;
  }

  run(
    place: number,
    task: number,
    id: number,
    attempt: number,
    args: readonly unknown[],
  ): void {
    this.#setHead(place, task, id, attempt);
    this.#runs.setForm(place, SMALL);
    this.#runs.values.writeAll(place * RECORD_BYTES + HEAD_BYTES, args);
    this.#flushIfDue();
  }

  runEncoded(
    place: number,
    task: number,
    id: number,
    attempt: number,
    isChunk: boolean,
    bytes: Uint8Array,
  ): boolean {
    const kind = isChunk ? CHUNK : ENCODED;
    if (!this.#runs.writeEncoded(place, bytes, kind)) return false;
    this.#setHead(place, task, id, attempt);
    this.#flushIfDue();
    return true;
  }

  announce(place: number): void {
    this.#runs.setForm(place, MESSAGE);
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
    const { view } = this.#answers;
    for (;;) {
      if (this.#taken === this.#answered && !this.#readAnswers()) return false;
      const place = this.#taken & PLACE_MASK;
      const at = place * RECORD_BYTES;
      if (view.getInt32(at + MESSAGES) !== this.#received) return false;
      this.#taken += 1;
      const kind = this.#answers.kindOf(place);
      if (kind === MESSAGE) continue; // it has come
      this.place = place;
      this.isSkipped = kind === SKIPPED;
      return true;
    }
  }

  get encoded(): Uint8Array | undefined {
    return this.#answers.readEncoded(this.place);
  }

  get result(): unknown {
    return this.#answers.values.readOne(this.place * RECORD_BYTES + HEAD_BYTES);
  }

  park(): boolean {
    hangBell(this.#runs.head);
    this.#runs.writeHead();
    if (this.#taken === this.#answered && !this.#readAnswers()) return true;
    const at = (this.#taken & PLACE_MASK) * RECORD_BYTES;
    return this.#answers.view.getInt32(at + MESSAGES) !== this.#received;
  }

  unpark(): void {
    // Written with the next task. Until then it may be rung for nothing.
    takeBellDown(this.#runs.head);
  }

  #setHead(place: number, task: number, id: number, attempt: number): void {
    const { view } = this.#runs;
    const at = place * RECORD_BYTES;
    view.setInt32(at + TASK, task);
    view.setInt32(at + ATTEMPT, attempt);
    view.setFloat64(at + ID, id);
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

/** The worker's side. */
export class WorkerFileLane implements WorkerLane {
  readonly #runs: Side;
  readonly #answers: Side;
  readonly #wake: () => void;
  readonly #patience: LanePatience;
  /** Tasks that are in the file; of these, those whose records were read, and that next() has given. */
  #offered = 0;
  #read = 0;
  #next = 0;
  /** Tasks that were started or passed over. */
  #started = 0;
  #answered = 0;
  /** Whether the file tells all of that. */
  #isWritten = true;
  /** Whether there are answers for which the host was not rung. */
  #isUntold = false;
  #told = 0;
  #posted = 0;
  place = 0;

  constructor(file: number, wake: () => void, patience: LanePatience) {
    this.#runs = new Side(file, HOST_HEAD, RUNS);
    this.#answers = new Side(file, WORKER_HEAD, ANSWERS);
    this.#wake = wake;
    this.#patience = patience;
  }

  readonly claim = (place: number): boolean => {
    this.#started += 1;
    this.#writeHead();
    this.#runs.readHead();
    const bits = this.#runs.head[WITHDRAWN + (place >> 3)] ?? 0;
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
    if (this.#next === this.#offered && !this.#look()) return false;
    if (this.#read <= this.#next) {
      this.#runs.readRecords(this.#next, this.#offered);
      this.#read = this.#offered;
    }
    const place = this.#next & PLACE_MASK;
    if (this.#runs.kindOf(place) === MESSAGE) {
      return false;
    }
    this.#next += 1;
    this.place = place;
    return true;
  }

  taskIn(place: number): number {
    return this.#runs.view.getInt32(place * RECORD_BYTES + TASK);
  }

  attemptIn(place: number): number {
    return this.#runs.view.getInt32(place * RECORD_BYTES + ATTEMPT);
  }

  idIn(place: number): number {
    return this.#runs.view.getFloat64(place * RECORD_BYTES + ID);
  }

  isChunk(place: number): boolean {
    return this.#runs.kindOf(place) === CHUNK;
  }

  encodedIn(place: number): Uint8Array | undefined {
    return this.#runs.readEncoded(place);
  }

  argumentsIn(place: number): unknown[] {
    return this.#runs.values.readAll(place * RECORD_BYTES + HEAD_BYTES);
  }

  answer(place: number, result: unknown): void {
    this.#answers.values.writeOne(place * RECORD_BYTES + HEAD_BYTES, result);
    this.#answers.setForm(place, SMALL);
    this.#answer();
  }

  answerEncoded(place: number, bytes: Uint8Array): boolean {
    if (!this.#answers.writeEncoded(place, bytes, ENCODED)) return false;
    this.#answer();
    return true;
  }

  answeredByMessage(): void {
    this.#answers.setForm(this.#answered & PLACE_MASK, MESSAGE);
    this.#answer();
  }

  skip(): void {
    // One that was withdrawn has been claimed; one that nobody wants has not.
    this.#started = Math.max(this.#started, this.#answered + 1);
    this.#answers.setForm(this.#answered & PLACE_MASK, SKIPPED);
    this.#answer();
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
    if (this.#next === this.#offered && !this.#look()) return true;
    const place = this.#next & PLACE_MASK;
    if (this.#read <= this.#next) {
      this.#runs.readRecords(this.#next, this.#offered);
      this.#read = this.#offered;
    }
    if (this.#runs.kindOf(place) === MESSAGE) {
      return true;
    }
    takeBellDown(this.#answers.head);
    this.#isWritten = false;
    return false;
  }

  /** Sends the record of the task that is the next to be answered. */
  #answer(): void {
    const at = (this.#answered & PLACE_MASK) * RECORD_BYTES;
    this.#answers.view.setInt32(at + MESSAGES, this.#posted);
    this.#answers.writeRecords(this.#answered, this.#answered + 1);
    this.#answered += 1;
    this.#isWritten = false;
    this.#isUntold = true;
    if (this.#next < this.#offered) {
      const now = performance.now();
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

  /** Whether there is a task that was not seen. */
  #look(): boolean {
    this.#runs.readHead();
    this.#offered = this.#runs.count(COUNT, this.#offered);
    return this.#next < this.#offered;
  }

  #spin(): void {
    if (this.#patience.spin === 0) return;
    const end = performance.now() + this.#patience.spin;
    while (!this.#look() && performance.now() < end);
  }
}
