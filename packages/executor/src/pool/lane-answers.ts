import { setImmediate } from 'node:timers';
import type { HostLane } from '../wire/lane.ts';
import { decodeResult } from '../wire/results.ts';
import type { SmallValue } from '../wire/small-values.ts';
import type { EncodedValue } from '../wire/value-codec.ts';
import type { PoolJob } from './job.ts';
import type { SentJobs } from './sent-jobs.ts';

/** So many answers are taken from the lane before their futures are settled. */
const BATCH = 192;

/** After so many, other events of this program have their turn. */
const MAX_ANSWERS = 1_024;

/** The slot whose answers they are. */
interface Answered {
  /** The worker has passed over the job that has this place. @param quietly see takeQuietly() */
  skipped(place: number, quietly: boolean): void;
  /** The worker has run the job to its end. */
  ended(job: PoolJob): void;
  /**
   * So many have ended, and took so long in all. Their futures are settled by `settle`,
   * and not before.
   */
  settle(jobs: number, runTime: number, settle: () => void): void;
  /** Has some futures settled that were left. */
  settleLater(settle: () => void): void;
}

/** Answers that were taken. In two arrays: there is one for each task. */
class Batch {
  readonly #jobs: PoolJob[];
  /** Small values are no objects: so they are told from those that are encoded. */
  readonly #results: (SmallValue | EncodedValue)[];

  constructor(job: PoolJob, result: SmallValue | EncodedValue) {
    // Mostly it is the only one. An empty array takes memory for 17 elements when it gets one.
    this.#jobs = [job];
    this.#results = [result];
  }

  get length(): number {
    return this.#jobs.length;
  }

  add(job: PoolJob, result: SmallValue | EncodedValue): void {
    this.#jobs.push(job);
    this.#results.push(result);
  }

  settle(): void {
    this.#jobs.forEach((job, index) => {
      // A callback of another one, or a getter, may have aborted it.
      if (!job.future.done) this.#settle(job, index);
    });
  }

  /** Settles those that call nobody. Whether they are all. */
  settleQuietly(): boolean {
    let all = true;
    this.#jobs.forEach((job, index) => {
      if (job.future.done) return;
      if (job.endsQuietly) this.#settle(job, index);
      else all = false;
    });
    return all;
  }

  #settle(job: PoolJob, index: number): void {
    const result = this.#results[index];
    if (typeof result === 'object' && result !== null) succeedWith(job, result);
    else job.succeed(result);
  }
}

/** Takes the answers of one worker from its lane, and settles their futures. */
export class LaneAnswers {
  readonly #lane: HostLane;
  readonly #sent: SentJobs;
  readonly #slot: Answered;
  #next: NodeJS.Immediate | undefined;
  /** Whether turned() will be called. */
  #isExpected = false;
  /** Whether answers are being taken. */
  #isTaking = false;
  /** What takeQuietly() has left, in order. */
  #left: Batch[] = [];

  constructor(lane: HostLane, sent: SentJobs, slot: Answered) {
    this.#lane = lane;
    this.#sent = sent;
    this.#slot = slot;
  }

  /** Until turned() is called, which must be, the worker need not tell that it has answered. */
  expect(): void {
    this.#isExpected = true;
    this.#lane.unpark();
  }

  /**
   * The event loop has turned since expect().
   *
   * @param least so many answers there must be, of those that the worker can give; else it
   *   tells when it has given the last one
   */
  turned(least: number): void {
    this.#isExpected = false;
    if (least <= 1 || !this.#lane.park(least)) this.take();
  }

  /** Takes those that are there: many at once, and the rest soon. Then the worker tells of more. */
  take(): void {
    for (let left = MAX_ANSWERS; left > 0; left -= BATCH) {
      if (this.#takeBatch()) continue;
      if (this.#isExpected || this.#lane.park()) return;
    }
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      this.take();
    });
  }

  /** Takes those that are there now, at most a batch. */
  takeSome(): void {
    this.#takeBatch();
  }

  /**
   * The same in the middle of a call of whoever submits. No callback is called: futures that
   * have any are left, and settled before all that is taken later.
   */
  takeQuietly(): void {
    // A subscriber of events may submit.
    if (!this.#isTaking) this.#takeBatch(true);
  }

  /** Takes all that come before the next message. */
  takeAll(): void {
    while (this.#takeBatch());
  }

  /** The worker has ended. */
  end(): void {
    clearImmediate(this.#next);
    this.takeAll();
  }

  /** False if there was none. */
  #takeBatch(isQuiet = false): boolean {
    const lane = this.#lane;
    if (!lane.hasAnswer) return false;
    let batch: Batch | undefined;
    let runTime = 0;
    let found = false;
    this.#isTaking = true;
    while ((batch === undefined || batch.length < BATCH) && lane.next()) {
      found = true;
      const { place, isSkipped } = lane;
      if (isSkipped) {
        this.#slot.skipped(place, isQuiet);
        continue;
      }
      // First, since the place can be used again once it is taken.
      const result = lane.encoded ?? lane.result;
      runTime += lane.runTime;
      const job = this.#sent.takeFrom(place);
      if (job === undefined) continue;
      if (batch === undefined) batch = new Batch(job, result);
      else batch.add(job, result);
      this.#slot.ended(job);
    }
    this.#isTaking = false;
    if (batch !== undefined) this.#settle(batch, runTime / 1e6, isQuiet);
    return found;
  }

  #settle(batch: Batch, runTime: number, isQuiet: boolean): void {
    this.#slot.settle(batch.length, runTime, () => {
      if (isQuiet) {
        this.#settleQuietly(batch);
      } else {
        this.#settleLeft();
        batch.settle();
      }
    });
  }

  #settleQuietly(batch: Batch): void {
    if (batch.settleQuietly()) return;
    this.#left.push(batch);
    if (this.#left.length > 1) return;
    queueMicrotask(() => {
      this.#slot.settleLater(() => {
        this.#settleLeft();
      });
    });
  }

  #settleLeft(): void {
    const left = this.#left;
    this.#left = [];
    for (const batch of left) batch.settle();
  }
}

/** Settles the future with the encoded result, or with the error why it cannot be read. */
export function succeedWith(job: PoolJob, body: EncodedValue): void {
  const result = decodeResult(job.name, body);
  if ('error' in result) job.failForGood(result.error);
  else job.succeed(result.value);
}
