import { monotonicNow } from '../core/clock.ts';
import { sizeOf } from './copies.ts';
import { MAX_ENCODED, type LanePatience, type WorkerLane } from './lane.ts';
import { LaneFileSide, MAX_READ_UNTOLD, type LaneFiles } from './lane-file.ts';
import { PLACES, RecordTaker, RecordWriter } from './record-files.ts';
import { Kind, makeRecords, MAX_SPAN } from './task-records.ts';
import { RunClock } from './run-clock.ts';
import type { EncodedValue } from './encoded-value.ts';

interface WorkerFileLaneEvents {
  /** Has the host look into its lane. */
  wake(): void;
  /** From now on the host rings when there is a task. */
  parked(): void;
}

/** The worker's side of a lane in files. */
export class WorkerFileLane implements WorkerLane {
  readonly announcesMessages = true;
  readonly #host: LaneFileSide;
  readonly #own: LaneFileSide;
  readonly #events: WorkerFileLaneEvents;
  readonly #patience: LanePatience;
  readonly #clock = new RunClock();

  readonly #runs: RecordTaker;
  readonly #run = makeRecords(1);
  /** Whether one was taken that next() has not given. */
  #isTaken = false;
  #received = 0;

  readonly #answers: RecordWriter;
  readonly #answer = makeRecords(MAX_SPAN);
  #answered = 0;
  /** Answers whose bytes in the area are not needed any more. */
  #released = 0;
  #posted = 0;

  /** Whether there are answers for which the host was not rung, and when it was rung. */
  #isUntold = false;
  #told = 0;
  place = 0;

  constructor(
    files: LaneFiles,
    events: WorkerFileLaneEvents,
    patience: LanePatience,
  ) {
    this.#host = new LaneFileSide(files.common, 'host');
    this.#own = new LaneFileSide(files.common, 'worker');
    this.#runs = new RecordTaker(files.runs);
    this.#answers = new RecordWriter(files.answers);
    this.#events = events;
    this.#patience = patience;
  }

  /** It was claimed when it was taken. */
  readonly claim = (): boolean => true;

  posted(): void {
    this.#posted = (this.#posted + 1) | 0;
  }

  received(): void {
    this.#received = (this.#received + 1) | 0;
  }

  next(): boolean {
    if (!this.#isTaken && !this.#runs.take(this.#run)) return false;
    this.#isTaken = this.#isBeforeItsMessages();
    if (this.#isTaken) return false;
    this.place = this.#run.placeIn(0);
    this.#clock.begin();
    return true;
  }

  get isMessage(): boolean {
    return this.#run.kindIn(0) === Kind.message;
  }

  taskIn(): number {
    return this.#run.taskIn(0);
  }

  attemptIn(): number {
    return this.#run.attemptIn(0);
  }

  idIn(): number {
    return this.#run.idIn(0);
  }

  isChunk(): boolean {
    return this.#run.kindIn(0) === Kind.chunk;
  }

  encodedIn(): EncodedValue | undefined {
    return this.#host.readEncoded(this.#run, 0);
  }

  argumentsIn(): unknown[] {
    return this.#run.argumentsIn(0);
  }

  answer(place: number, result: unknown): boolean {
    this.#answer.setResult(0, result);
    return this.#write(place);
  }

  answerEncoded(place: number, value: EncodedValue): boolean {
    if (sizeOf(value) > MAX_ENCODED) this.#releaseRead();
    const record = this.#answer;
    const { encoded } = Kind;
    const owner = this.#answered;
    return (
      this.#own.writeEncoded(record, 0, encoded, value, place, owner) &&
      this.#write(place)
    );
  }

  skip(place: number): boolean {
    this.#answer.setKind(0, Kind.skipped);
    return this.#write(place);
  }

  turns(): void {
    // It is not known whether that was all.
    this.#tellNowAndThen(monotonicNow());
  }

  tell(): void {
    if (!this.#isUntold) return;
    this.#isUntold = false;
    this.#host.readHead();
    // It may be rung two times: mostly there is nothing more to tell before it is awake.
    if (this.#host.isBellHung) this.#events.wake();
  }

  park(mayWait: boolean): boolean {
    this.tell();
    this.#clock.rest();
    // One that waits for a message needs no bell: the message comes.
    if (this.#isTaken) return true;
    if (mayWait && this.#spin()) return false;
    this.#own.hangBell();
    this.#writeHead();
    this.#isTaken = this.#runs.take(this.#run);
    if (!this.#isTaken) {
      this.#events.parked();
      return true;
    }
    this.#own.takeBellDown();
    this.#writeHead();
    return this.#isBeforeItsMessages();
  }

  /** Whether messages that were posted before it have not come. */
  #isBeforeItsMessages(): boolean {
    return ((this.#received - this.#run.messagesIn(0)) | 0) < 0;
  }

  /** What the host has read is not needed any more. */
  #releaseRead(): void {
    this.#host.readHead();
    // The host has read all but those of PLACES, and has told of all but MAX_READ_UNTOLD of them.
    const least = this.#answered - PLACES - MAX_READ_UNTOLD;
    const released = this.#host.countFrom(Math.max(this.#released, least));
    for (; this.#released < released; this.#released += 1) {
      this.#own.release(this.#released);
    }
  }

  #write(place: number): boolean {
    const now = monotonicNow();
    this.#answer.setRunTime(0, this.#clock.end(now));
    this.#answer.setPlace(0, place);
    this.#answer.setMessages(0, this.#posted);
    if (!this.#answers.writeAll(this.#answer, this.#answer.spanIn(0))) {
      return false;
    }
    this.#answered += 1;
    this.#isUntold = true;
    this.#tellNowAndThen(now);
    return true;
  }

  #tellNowAndThen(now: number): void {
    if (now - this.#told < this.#patience.tell) return;
    this.#told = now;
    this.tell();
  }

  #writeHead(): void {
    this.#own.count = this.#answered;
    this.#own.writeHead();
  }

  /** Whether there is a task. */
  #spin(): boolean {
    if (this.#patience.spin === 0) return false;
    let now = monotonicNow();
    const end = now + this.#patience.spin;
    do {
      this.#isTaken = this.#runs.take(this.#run);
      if (this.#isTaken) {
        this.#clock.begin(now);
        return true;
      }
      now = monotonicNow();
    } while (now < end);
    return false;
  }
}
