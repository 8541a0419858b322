import { NO_PLACE, type Claims } from '../wire/claims.ts';
import type { PoolJob } from './job.ts';

/** A job that was sent to a worker and is not answered. */
export interface SentJob {
  readonly id: number;
  /** Undefined once it was taken back: the worker will pass over it. */
  job: PoolJob | undefined;
  /** Of its claim word. */
  readonly place: number;
  /** Whether the worker has begun with it, as far as is known here. */
  begun: boolean;
}

/**
 * The jobs that one worker has, in the order in which they were sent, which is
 * that of their start.
 *
 *   add() ──> sent ahead ──> begun ──> take()
 *               │       begin(), or when one before it is taken
 *               └──> taken back: withdraw(), recall()
 *
 * A job that was sent ahead is pending until it is begun. Whether it has started
 * in fact is told by its claim word; only a worker with claims gets jobs ahead.
 */
export class SentJobs {
  readonly #claims: Claims | undefined;
  readonly #sent = new Map<number, SentJob>();
  /** Where there are claims, the same by place. */
  readonly #byPlace: (SentJob | undefined)[] = [];
  #lastId = 0;
  #running = 0;
  #ahead = 0;

  constructor(claims: Claims | undefined) {
    this.#claims = claims;
  }

  /** How many were begun. */
  get running(): number {
    return this.#running;
  }

  /** How many were sent ahead and not taken back. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Whether the worker has a claim word for another one. */
  get hasPlace(): boolean {
    return this.#claims === undefined || this.#claims.hasFreePlace;
  }

  /** The one that the worker runs, or the first of them. */
  get front(): SentJob | undefined {
    for (const sent of this.#sent.values()) return sent;
    return undefined;
  }

  /** All that were not taken back. */
  get jobs(): PoolJob[] {
    return [...this.#sent.values()].flatMap(({ job }) => job ?? []);
  }

  /** Notes a job that is about to be sent. It counts as sent ahead until begin(). */
  add(job: PoolJob): SentJob {
    this.#lastId += 1;
    const sent: SentJob = {
      id: this.#lastId,
      job,
      place: this.#claims?.offer() ?? NO_PLACE,
      begun: false,
    };
    this.#sent.set(sent.id, sent);
    if (sent.place !== NO_PLACE) this.#byPlace[sent.place] = sent;
    this.#ahead += 1;
    return sent;
  }

  /** The worker starts the job now, as far as is known here. */
  begin(sent: SentJob): void {
    sent.begun = true;
    this.#ahead -= 1;
    this.#running += 1;
    sent.job?.begin();
  }

  get(id: number): PoolJob | undefined {
    return this.#sent.get(id)?.job;
  }

  idOf(job: PoolJob): number | undefined {
    return this.#find(job)?.id;
  }

  /** The worker is done with it, or it could not be sent. If it runs none now, the next one begins. */
  take(id: number): SentJob | undefined {
    const sent = this.#sent.get(id);
    return sent && this.#take(sent);
  }

  /** The same for the one that has this place. */
  takeFrom(place: number): SentJob | undefined {
    const sent = this.#byPlace[place];
    return sent && this.#take(sent);
  }

  #take(sent: SentJob): SentJob {
    this.#sent.delete(sent.id);
    if (this.#claims !== undefined) {
      this.#byPlace[sent.place] = undefined;
      this.#claims.release(sent.place);
    }
    if (sent.job === undefined) return sent;
    if (!sent.begun) {
      this.#ahead -= 1;
    } else {
      this.#running -= 1;
      // Others run in fact if withdraw() has found one after it started.
      if (this.#running === 0) this.#beginNext();
    }
    return sent;
  }

  /** Takes a job back that was sent ahead. False if it has started. */
  withdraw(job: PoolJob): boolean {
    const sent = this.#find(job);
    return sent === undefined || this.#withdraw(sent);
  }

  #withdraw(sent: SentJob): boolean {
    if (sent.begun) return false;
    if (this.#claims?.withdraw(sent.place) !== true) {
      // It has started, and the answers of those before it are on their way.
      this.#beginUpTo(sent);
      return false;
    }
    sent.job = undefined;
    this.#ahead -= 1;
    return true;
  }

  /**
   * Takes back all that were sent ahead and have not started. The last one first: the
   * worker goes on meanwhile, and must not pass over one and start the one behind it.
   */
  recall(): PoolJob[] {
    if (this.#ahead === 0) return [];
    const recalled: PoolJob[] = [];
    for (const sent of [...this.#sent.values()].reverse()) {
      const { job } = sent;
      if (job === undefined) continue;
      if (!this.#withdraw(sent)) break;
      recalled.push(job);
    }
    return recalled.reverse();
  }

  /**
   * The worker has ended: takes them all.
   *
   * @param wasReady false if the worker cannot have started any
   */
  end(wasReady: boolean): {
    readonly started: PoolJob[];
    readonly unstarted: PoolJob[];
  } {
    const started: PoolJob[] = [];
    const unstarted: PoolJob[] = [];
    for (const { job, place, begun } of this.#sent.values()) {
      if (job === undefined) continue;
      const hasStarted = this.#claims?.isStarted(place) ?? (wasReady && begun);
      if (hasStarted && !begun) job.begin();
      if (!hasStarted && begun) job.unbegin();
      (hasStarted ? started : unstarted).push(job);
    }
    this.#sent.clear();
    this.#running = 0;
    this.#ahead = 0;
    return { started, unstarted };
  }

  #find(job: PoolJob): SentJob | undefined {
    for (const sent of this.#sent.values()) if (sent.job === job) return sent;
    return undefined;
  }

  #beginUpTo(last: SentJob): void {
    for (const sent of this.#sent.values()) {
      if (sent.job !== undefined && !sent.begun) this.begin(sent);
      if (sent === last) return;
    }
  }

  #beginNext(): void {
    for (const sent of this.#sent.values()) {
      if (sent.job !== undefined && !sent.begun) {
        this.begin(sent);
        return;
      }
    }
  }
}
