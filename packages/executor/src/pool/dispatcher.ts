import { withOwnParts } from '../wire/copies.ts';
import { JobEncoder } from './job-encoder.ts';
import type { PoolJob } from './job.ts';
import { JobQueue } from './queue.ts';
import type { Slots } from './slots.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** What a dispatcher wants to know of its pool, and tells it. */
export interface DispatcherOwner {
  /** Whether no job can start any more. */
  readonly hasEnded: boolean;
  /** There may be more room in the queue. */
  roomChanged(): void;
  /** The last job may have ended. */
  jobsEnded(): void;
}

export interface DispatcherSettings {
  readonly maxQueue: number;
  /** Whether workers share memory with this program. */
  readonly sharesMemory: boolean;
}

/** The jobs that wait, and their way to the workers that have room for them. */
export class Dispatcher {
  readonly #slots: Slots;
  readonly #owner: DispatcherOwner;
  readonly #queue: JobQueue<PoolJob>;
  readonly #encoder: JobEncoder;
  #isHeldBack = false;
  /**
   * No worker had room for the first job of the queue, or it waits for a microtask. Those that
   * have make themselves heard, so a job that is submitted meanwhile need not ask them.
   */
  #isFull = false;
  /**
   * A call of submit() is not over that has to do with one job only: no callback of another
   * one may be called, and no getter in its arguments.
   */
  #isQuiet = false;

  constructor(
    { maxQueue, sharesMemory }: DispatcherSettings,
    slots: Slots,
    owner: DispatcherOwner,
  ) {
    this.#slots = slots;
    this.#owner = owner;
    this.#queue = new JobQueue(maxQueue, () => {
      this.dispatch();
    });
    this.#encoder = new JobEncoder(sharesMemory);
  }

  /** How many jobs wait in the queue. */
  get size(): number {
    return this.#queue.size;
  }

  /** Whether every job has gone to a worker, or has ended. */
  get isEmpty(): boolean {
    return this.#queue.size === 0 && this.#encoder.inHand.size === 0;
  }

  /** All jobs that no worker has. */
  get jobs(): PoolJob[] {
    return [...this.#queue.jobs(), ...this.#encoder.inHand];
  }

  /** Whether no job may be sent now: jobs may be on their way from one place to another. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  submit(job: PoolJob): void {
    if (this.#passOn(job)) return;
    this.#queue.push(job);
    if (this.#queue.hasPriorities) {
      this.#queue.unshift(this.#slots.recallBelow(job.options.priority ?? 0));
      this.#isFull = false; // it may be the first one now
    }
    if (this.#isHeldBack) return;
    if (this.#isFull) this.#lookQuietly();
    else this.#sendQueued();
  }

  /** These come first. */
  putBack(jobs: readonly PoolJob[]): void {
    this.#queue.unshift(jobs);
    this.dispatch();
  }

  /**
   * Calls the function, and sends no job to a worker before it returns. Who ends
   * several jobs does it so: each one that ends makes room for the next.
   */
  holdBack(action: () => void): void {
    const before = this.#isHeldBack;
    this.#isHeldBack = true;
    action();
    this.#isHeldBack = before;
    if (before) return; // a callback of a job, in the middle of another action
    this.dispatch();
    this.#owner.jobsEnded();
  }

  /** Workers may have room, or be idle while others have jobs that wait. */
  dispatch(): void {
    if (this.#isHeldBack) return; // it is called again
    for (;;) {
      this.#sendQueued();
      if (this.#queue.peek() !== undefined || this.#owner.hasEnded) return;
      const waiting = this.#slots.recallForIdle();
      if (waiting.length === 0) return;
      this.#queue.unshift(waiting);
    }
  }

  /** Sends a small job at once, if none waits and a worker has room: true if so. */
  #passOn(job: PoolJob): boolean {
    if (this.#isHeldBack || !this.#queue.passes(job) || !job.isSmall) {
      return false;
    }
    const slot = this.#slots.slotFor(job);
    if (slot === undefined) return false;
    this.#queue.passed(job);
    this.#send(job, slot);
    return true;
  }

  #lookQuietly(): void {
    const before = this.#isQuiet;
    this.#isQuiet = true;
    try {
      this.#slots.queued();
    } finally {
      this.#isQuiet = before;
    }
  }

  #sendQueued(): void {
    this.#isFull = false;
    // While the queue of an ended pool is emptied, what is left must not start.
    while (!this.#owner.hasEnded) {
      const job = this.#queue.peek();
      if (job === undefined) break;
      if (job.isSmall) {
        const slot = this.#slots.slotFor(job);
        this.#isFull = slot === undefined;
        if (slot === undefined) break;
        this.#queue.shift();
        this.#send(job, slot);
      } else if (this.#isQuiet) {
        // To encode its arguments can run a getter, and fail.
        this.#isFull = true;
        queueMicrotask(() => {
          this.dispatch();
        });
        break;
      } else {
        this.#isFull = !this.#slots.hasPlaceFor(job);
        if (this.#isFull) break;
        this.#queue.shift();
        this.#isFull = !this.#encodeAndSend(job);
        if (this.#isFull) break;
      }
    }
    this.#owner.roomChanged();
  }

  /** False if it is in the queue again. */
  #encodeAndSend(job: PoolJob): boolean {
    job.body ??= this.#encoder.encode(job);
    if (job.body === undefined) {
      this.#owner.jobsEnded();
      return true;
    }
    const slot = this.#slots.slotFor(job);
    // A getter among the arguments may have submitted another job, which has the
    // place; or there was one only as long as this job waited, too. Encoded again, it would
    // lose the next place, too.
    if (slot === undefined) {
      job.body = withOwnParts(job.body);
      this.#queue.unshift([job]);
      return false;
    }
    this.#send(job, slot);
    return true;
  }

  #send(job: PoolJob, slot: WorkerSlot): void {
    slot.run(job);
    this.#slots.sent(slot);
  }
}
