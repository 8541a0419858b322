import type { CallKind } from '../core/call-kind.ts';
import {
  BrokenExecutorError,
  ExecutorTerminatedError,
  workerExitError,
  type WorkerExit,
} from '../core/errors.ts';
import type { Future } from '../core/future.ts';
import { shutdownError } from '../core/shutdown.ts';
import type { Stats, Tally } from '../core/tally.ts';
import type { TaskFunction } from '../core/task.ts';
import type { JobOptions } from '../core/task-options.ts';
import { withOwnParts } from '../wire/copies.ts';
import { JobEncoder } from './job-encoder.ts';
import { PoolJob } from './job.ts';
import { JobQueue } from './queue.ts';
import type { SlotEnd, SlotOwner } from './slot-owner.ts';
import { Slots, type SlotsSettings } from './slots.ts';
import { Terms } from './terms.ts';
import type { WorkerSlot } from './worker-slot.ts';

/**
 * After this many workers in a row that ended before they ran anything the pool is
 * broken. One such end can be chance (the machine was out of memory); without a
 * bound a pool whose workers cannot start would start them for ever.
 */
const MAX_FAILED_STARTS = 3;

/**
 * | from     | to         | when                                        |
 * | -------- | ---------- | ------------------------------------------- |
 * | open     | draining   | shutdown()                                  |
 * | open     | broken     | MAX_FAILED_STARTS workers failed to start, an initializer threw, or a worker crashed and onWorkerCrash is 'break' |
 * | draining | broken     | the same                                    |
 * | open, draining, broken | terminated | terminateWorkers(), killWorkers() |
 *
 * In every state but open no job is accepted; when the last job is done the
 * workers are closed, and when the last worker has exited the pool is closed.
 */
type PoolState = 'open' | 'draining' | 'broken' | 'terminated';

export type OnWorkerCrash = 'replace' | 'break';

export interface PoolSettings extends SlotsSettings {
  /** For error messages: `ThreadPoolExecutor`. */
  readonly name: string;
  readonly minWorkers: number;
  readonly maxQueue: number;
  readonly onWorkerCrash: OnWorkerCrash;
  /** Whether workers share memory with this program. */
  readonly sharesMemory: boolean;
}

/**
 * Workers of one kind and the queue of jobs for them. Workers are started when
 * a job finds none idle, up to maxWorkers.
 *
 *   submit -> queue -> slot -> worker
 *                       |
 *   future  <-----------+  result, error, or the end of the worker
 */
export class WorkerPool implements SlotOwner {
  readonly #settings: PoolSettings;
  readonly #terms: Terms;
  readonly #roomChanged: () => void;
  readonly #queue: JobQueue<PoolJob>;
  readonly #encoder: JobEncoder;
  readonly #slots: Slots;
  readonly #killed: string[] = [];
  #state: PoolState = 'open';
  #failedStarts = 0;
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
  #lastExit: WorkerExit | undefined;
  #lastActivity = '';
  /** Why it is broken, or what has terminated it. */
  #endedBy = '';
  #whenClosed: (() => void)[] = [];

  /** @param roomChanged called when there may be more room, or none ever any more */
  constructor(settings: PoolSettings, tally: Tally, roomChanged: () => void) {
    this.#settings = settings;
    this.#terms = new Terms(tally);
    this.#roomChanged = roomChanged;
    this.#queue = new JobQueue(settings.maxQueue, () => {
      this.#dispatch();
    });
    this.#encoder = new JobEncoder(settings.sharesMemory);
    this.#slots = new Slots(settings, this);
    this.#startMinWorkers();
  }

  /**
   * @param args of a chunk, for each parameter its values
   * @throws TaskInvalidError
   */
  submit(
    task: TaskFunction,
    kind: CallKind,
    args: readonly unknown[],
    options: JobOptions,
  ): Future<unknown> {
    const job = new PoolJob(this.#terms.of(task, kind, options), args);
    job.watch();
    if (job.future.done) return job.future; // its signal was aborted before
    if (this.#passOn(job)) return job.future;
    this.#queue.push(job);
    if (this.#queue.hasPriorities) {
      this.#queue.unshift(this.#slots.recallBelow(options.priority ?? 0));
      this.#isFull = false; // it may be the first one now
    }
    if (this.#isHeldBack) return job.future;
    if (!this.#isFull) {
      this.#sendQueued();
      return job.future;
    }
    this.#lookQuietly();
    return job.future;
  }

  /** Why no job is accepted; undefined as long as they are. */
  refusal(): Error | undefined {
    const { name } = this.#settings;
    switch (this.#state) {
      case 'open':
        return undefined;
      case 'broken':
        return this.#brokenError();
      case 'draining':
        return shutdownError(name, 'shutdown()');
      case 'terminated':
        return shutdownError(name, this.#endedBy);
    }
  }

  /** How many more jobs may be submitted within maxQueue. */
  get room(): number {
    const { maxQueue } = this.#settings;
    return Math.max(maxQueue + this.#slots.room - this.#queue.size, 0);
  }

  /** All jobs that have not ended. */
  get jobs(): PoolJob[] {
    return [
      ...this.#queue.jobs(),
      ...this.#encoder.inHand,
      ...this.#slots.jobs,
    ];
  }

  get workers(): Pick<Stats, 'workers' | 'busyWorkers'> {
    return { workers: this.#slots.size, busyWorkers: this.#slots.busy };
  }

  /** The workers that were ended by force since the pool is closed. */
  get killed(): readonly string[] {
    return this.#killed;
  }

  /** Accepts no more jobs. Resolves when all are done and all workers have ended. */
  close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'draining';
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      this.#closeIfDone();
    });
  }

  /** Ends all workers at once. Resolves when they have ended. */
  end(method: 'terminateWorkers()' | 'killWorkers()'): Promise<void> {
    this.#state = 'terminated';
    this.#endedBy = method;
    this.#failQueued();
    for (const slot of this.#slots) {
      if (method === 'killWorkers()') slot.kill();
      else slot.terminate();
    }
    this.#roomChanged();
    return this.close();
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
    this.#dispatch();
    this.#closeIfDone();
  }

  available(): void {
    this.#dispatch();
  }

  rests(slot: WorkerSlot): void {
    slot.idle();
    this.#closeIfDone();
  }

  get waitingForEach(): number {
    return this.#queue.size / this.#slots.size;
  }

  get hasSpareWorkers(): boolean {
    return this.#slots.staying > this.#settings.minWorkers;
  }

  answered(): void {
    this.#failedStarts = 0;
  }

  again(job: PoolJob): void {
    if (this.#hasEnded()) {
      job.failForGood(this.#endError());
      return;
    }
    this.#queue.unshift([job]);
    this.#dispatch();
  }

  recalled(jobs: readonly PoolJob[]): void {
    if (jobs.length === 0) return;
    this.#queue.unshift(jobs);
    this.#dispatch();
  }

  exited(slot: WorkerSlot, end: SlotEnd): void {
    this.#slots.delete(slot);
    const { exit, started, unstarted } = end;
    if (end.wasForced && this.#state !== 'open') this.#killed.push(exit.worker);
    if (!end.wasAskedTo) {
      this.#lastExit = exit;
      this.#lastActivity =
        started[0] === undefined
          ? 'starting'
          : `running task ${started[0].name}`;
      if (!end.hasWorked) this.#failedStarts += 1;
    }
    // Those that run again are in their place before a callback of another is called.
    const again = started.filter((job) =>
      job.runsAgain(workerExitError(exit, `running task ${job.name}`)),
    );
    const crashed = started.filter((job) => !again.includes(job));
    this.holdBack(() => {
      this.#queue.unshift([...again, ...unstarted]);
      for (const job of unstarted) {
        if (job.abortError !== undefined) failUnlessDone(job, job.abortError);
      }
      const problem = this.#problem(end);
      if (problem !== undefined) this.#break(problem);
      else if (this.#hasEnded()) this.#failQueued();
      for (const job of crashed) this.#crashed(job, exit);
    });
    this.#startMinWorkers();
    this.#closeIfDone();
  }

  /** Whether no job can start any more. */
  #hasEnded(): boolean {
    return this.#state === 'broken' || this.#state === 'terminated';
  }

  /** Whether it has ended its workers, so that the end of one says nothing of its jobs. */
  #endsWorkers(): boolean {
    return (
      this.#state === 'terminated' ||
      (this.#state === 'broken' && this.#settings.onWorkerCrash === 'break')
    );
  }

  /** What jobs fail with once the pool has ended; an object of its own for each. */
  #endError(): Error {
    return this.#state === 'terminated'
      ? this.#terminatedError()
      : this.#brokenError();
  }

  #failQueued(): void {
    for (const job of [...this.#queue.jobs(), ...this.#encoder.inHand]) {
      failUnlessDone(job, this.#endError());
    }
  }

  /** Why the end of this worker breaks the pool; undefined if it does not. */
  #problem(end: SlotEnd): string | undefined {
    if (this.#hasEnded()) return undefined;
    if (end.initializerFailed) return 'its initializer threw';
    if (this.#failedStarts >= MAX_FAILED_STARTS) {
      return `${String(MAX_FAILED_STARTS)} in a row ended before they ran a task`;
    }
    return this.#settings.onWorkerCrash === 'break' && !end.wasAskedTo
      ? 'a worker has crashed'
      : undefined;
  }

  #crashed(job: PoolJob, exit: WorkerExit): void {
    if (job.future.done) return; // a callback of another one has aborted it
    if (job.abortError !== undefined) job.failForGood(job.abortError);
    else if (this.#endsWorkers()) job.failForGood(this.#endError());
    else job.failForGood(workerExitError(exit, `running task ${job.name}`));
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

  /** Workers may have room, or be idle while others have jobs that wait. */
  #dispatch(): void {
    if (this.#isHeldBack) return; // it is called again
    for (;;) {
      this.#sendQueued();
      if (this.#queue.peek() !== undefined || this.#hasEnded()) return;
      const waiting = this.#slots.recallForIdle();
      if (waiting.length === 0) return;
      this.#queue.unshift(waiting);
    }
  }

  #sendQueued(): void {
    this.#isFull = false;
    // While the queue of an ended pool is emptied, what is left must not start.
    while (!this.#hasEnded()) {
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
          this.#dispatch();
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
    this.#roomChanged();
  }

  /** False if it is in the queue again. */
  #encodeAndSend(job: PoolJob): boolean {
    job.body ??= this.#encoder.encode(job);
    if (job.body === undefined) {
      this.#closeIfDone();
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

  #startMinWorkers(): void {
    if (this.#state === 'open')
      this.#slots.startUpTo(this.#settings.minWorkers);
  }

  #break(problem: string): void {
    this.#state = 'broken';
    this.#endedBy = problem;
    this.#failQueued();
    if (this.#settings.onWorkerCrash === 'break') {
      for (const slot of this.#slots) slot.terminate();
    }
    this.#roomChanged();
  }

  #closeIfDone(): void {
    // Held back: jobs may be on their way from one place to another.
    if (this.#state === 'open' || this.#isHeldBack) return;
    if (this.#queue.size > 0 || this.#encoder.inHand.size > 0) return;
    for (const slot of this.#slots) {
      if (slot.load + slot.ahead === 0) slot.close();
    }
    if (this.#slots.size > 0) return;
    const whenClosed = this.#whenClosed;
    this.#whenClosed = [];
    for (const resolve of whenClosed) resolve();
  }

  #brokenError(): BrokenExecutorError {
    const exit = this.#lastExit;
    return new BrokenExecutorError(
      `${this.#settings.name} is broken: ${this.#endedBy}`,
      exit && { cause: workerExitError(exit, this.#lastActivity) },
    );
  }

  #terminatedError(): ExecutorTerminatedError {
    return new ExecutorTerminatedError(
      `${this.#settings.name} was ended by ${this.#endedBy}`,
    );
  }
}

/** The callbacks of one job may end others, in the middle of a loop over all. */
function failUnlessDone(job: PoolJob, error: unknown): void {
  if (!job.future.done) job.failForGood(error);
}
