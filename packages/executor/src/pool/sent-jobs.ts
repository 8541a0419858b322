import type { LaneClaims } from '../wire/lane.ts';
import type { PoolJob } from './job.ts';

/** The id of a place that is free. */
const NONE = -1;

/**
 * A job that was sent to a worker and is not answered. It is the same object for all jobs that
 * have its place, one after the other: an object for each job would be felt.
 */
export class SentJob {
  /** Unique among all that this worker ever gets. */
  id = NONE;
  /** Unique among those that it has; that of its claim word. */
  readonly place: number;
  /** Undefined once it was taken back, as long as the worker has not passed over it. */
  job: PoolJob | undefined;
  /** Whether the worker has begun with it, as far as is known here. */
  begun = false;
  previous: SentJob | undefined;
  next: SentJob | undefined;

  constructor(place: number) {
    this.place = place;
  }
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
 *
 * They are a linked list, since any of them can end first, and are found by their
 * place, which is a part of the id. A Map would make garbage with each job.
 */
export class SentJobs {
  readonly #claims: LaneClaims | undefined;
  readonly #places: number;
  readonly #byPlace: SentJob[] = [];
  /** Without claims, the places that are free; with them, the claims know. */
  readonly #free: number[] = [];
  #first: SentJob | undefined;
  #last: SentJob | undefined;
  /** How many were ever sent. */
  #count = 0;
  #running = 0;
  #ahead = 0;

  /** @param places how many jobs the worker may have, if it has no claims */
  constructor(claims: LaneClaims | undefined, places = 0) {
    this.#claims = claims;
    this.#places = claims?.places ?? places;
    if (claims !== undefined) return;
    for (let place = places - 1; place >= 0; place -= 1) this.#free.push(place);
  }

  /** How many were begun. */
  get running(): number {
    return this.#running;
  }

  /** How many were sent ahead and not taken back. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Whether the worker has a place for another one. */
  get hasPlace(): boolean {
    return this.#claims?.hasFreePlace ?? this.#free.length > 0;
  }

  /** The one that the worker runs, or the first of them. */
  get front(): SentJob | undefined {
    return this.#first;
  }

  /** All that were not taken back. */
  get jobs(): PoolJob[] {
    const jobs: PoolJob[] = [];
    for (let sent = this.#first; sent !== undefined; sent = sent.next) {
      if (sent.job !== undefined) jobs.push(sent.job);
    }
    return jobs;
  }

  /** Notes a job that is about to be sent. It counts as sent ahead until begin(). */
  add(job: PoolJob): SentJob {
    const place = this.#claims?.offer() ?? this.#free.pop();
    if (place === undefined) throw new RangeError('no free place is left');
    this.#count += 1;
    const sent = (this.#byPlace[place] ??= new SentJob(place));
    sent.id = this.#count * this.#places + place;
    sent.job = job;
    sent.begun = false;
    sent.previous = this.#last;
    sent.next = undefined;
    if (this.#last === undefined) this.#first = sent;
    else this.#last.next = sent;
    this.#last = sent;
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
    return this.#withId(id)?.job;
  }

  idOf(job: PoolJob): number | undefined {
    return this.#find(job)?.id;
  }

  placeOf(id: number): number | undefined {
    return this.#withId(id)?.place;
  }

  /** Whether the worker has begun with the one that has this place. */
  hasBegun(place: number): boolean {
    return this.#byPlace[place]?.begun === true;
  }

  /** The worker is done with it, or it could not be sent. If it runs none now, the next one begins. */
  take(id: number): PoolJob | undefined {
    const sent = this.#withId(id);
    return sent && this.#take(sent);
  }

  /** The same for the one that has this place. */
  takeFrom(place: number): PoolJob | undefined {
    const sent = this.#byPlace[place];
    return sent === undefined || sent.id === NONE
      ? undefined
      : this.#take(sent);
  }

  /** Takes a job back that was sent ahead. False if it has started. */
  withdraw(job: PoolJob): boolean {
    const sent = this.#find(job);
    return sent === undefined || this.#withdraw(sent);
  }

  /**
   * Takes back all that were sent ahead and have not started. The last one first: the
   * worker goes on meanwhile, and must not pass over one and start the one behind it.
   */
  recall(): PoolJob[] {
    const recalled: PoolJob[] = [];
    if (this.#ahead === 0) return recalled;
    this.#claims?.suspend();
    let sent = this.#last;
    for (; this.#ahead > 0 && sent !== undefined; sent = sent.previous) {
      const { job } = sent;
      if (job === undefined) continue;
      if (!this.#withdraw(sent)) break;
      recalled.push(job);
    }
    this.#claims?.resume();
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
    this.#claims?.suspend(); // for good
    for (let sent = this.#first; sent !== undefined; sent = sent.next) {
      const { job, place, begun } = sent;
      if (job === undefined) continue;
      const hasStarted = this.#claims?.isStarted(place) ?? (wasReady && begun);
      if (hasStarted && !begun) job.begin();
      if (!hasStarted && begun) job.unbegin();
      (hasStarted ? started : unstarted).push(job);
    }
    this.#first = undefined;
    this.#last = undefined;
    this.#byPlace.length = 0;
    this.#running = 0;
    this.#ahead = 0;
    return { started, unstarted };
  }

  #withId(id: number): SentJob | undefined {
    const sent = this.#byPlace[id % this.#places];
    return sent?.id === id ? sent : undefined;
  }

  #find(job: PoolJob): SentJob | undefined {
    for (let sent = this.#first; sent !== undefined; sent = sent.next) {
      if (sent.job === job) return sent;
    }
    return undefined;
  }

  #take(sent: SentJob): PoolJob | undefined {
    const { job } = sent;
    this.#remove(sent);
    if (job === undefined) return undefined;
    if (sent.begun) {
      this.#running -= 1;
      // Others run in fact if withdraw() has found one after it started.
      if (this.#running === 0) this.#beginNext();
    } else {
      this.#ahead -= 1;
    }
    return job;
  }

  #withdraw(sent: SentJob): boolean {
    if (sent.begun) return false;
    const claims = this.#claims;
    if (claims?.withdraw(sent.place) !== true) {
      // It has started, and the answers of those before it are on their way.
      this.#beginUpTo(sent);
      return false;
    }
    this.#ahead -= 1;
    if (claims.skipsWithdrawn) sent.job = undefined;
    else this.#remove(sent);
    return true;
  }

  #remove(sent: SentJob): void {
    const { place, previous, next } = sent;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    sent.id = NONE;
    sent.job = undefined; // it is not to be kept
    if (this.#claims === undefined) this.#free.push(place);
    else this.#claims.release(place);
  }

  #beginUpTo(last: SentJob): void {
    for (let sent = this.#first; sent !== undefined; sent = sent.next) {
      if (sent.job !== undefined && !sent.begun) this.begin(sent);
      if (sent === last) return;
    }
  }

  #beginNext(): void {
    let sent = this.#first;
    while (sent !== undefined && (sent.job === undefined || sent.begun)) {
      sent = sent.next;
    }
    if (sent !== undefined) this.begin(sent);
  }
}
