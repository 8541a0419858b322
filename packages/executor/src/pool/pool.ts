import {
  BrokenExecutorError,
  ExecutorShutdownError,
  ExecutorTerminatedError,
  workerExitError,
  type WorkerExit,
} from '../core/errors.ts';
import type { ShutdownOptions } from '../core/executor.ts';
import type { Future } from '../core/future.ts';
import type { TaskAddress } from '../core/task.ts';
import type { TaskOptions } from '../core/task-options.ts';
import { PoolJob } from './job.ts';
import { JobQueue } from './queue.ts';
import {
  WorkerSlot,
  type SlotEnd,
  type SlotOwner,
  type SlotSettings,
} from './worker-slot.ts';

/**
 * After this many workers in a row that ended before they were ready the pool
 * is broken. One such end can be chance (the machine was out of memory); without
 * a bound a pool whose workers cannot start would start them for ever.
 */
const MAX_FAILED_STARTS = 3;

/**
 * | from     | to         | when                                        |
 * | -------- | ---------- | ------------------------------------------- |
 * | open     | draining   | shutdown()                                  |
 * | open     | broken     | MAX_FAILED_STARTS workers failed to start, or an initializer threw |
 * | draining | broken     | the same                                    |
 * | open, draining, broken | terminated | terminateWorkers()          |
 *
 * In every state but open no job is accepted; when the last job is done the
 * workers are closed, and when the last worker has exited the pool is closed.
 */
type PoolState = 'open' | 'draining' | 'broken' | 'terminated';

export interface PoolSettings extends SlotSettings {
  /** For error messages: `ThreadPoolExecutor`. */
  readonly name: string;
  readonly maxWorkers: number;
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
  readonly #queue = new JobQueue<PoolJob>();
  readonly #slots = new Set<WorkerSlot>();
  #state: PoolState = 'open';
  #failedStarts = 0;
  #lastExit: WorkerExit | undefined;
  #brokenBy = '';
  #started = 0;
  #whenClosed: (() => void)[] = [];

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  submit(
    task: TaskAddress,
    args: readonly unknown[],
    options: TaskOptions,
  ): Future<unknown> {
    this.assertAccepting();
    const job = new PoolJob(task, args, options);
    job.watch();
    if (job.future.done) return job.future; // its signal was aborted before
    this.#queue.push(job);
    this.#dispatch();
    return job.future;
  }

  assertAccepting(): void {
    if (this.#state === 'open') return;
    if (this.#state === 'broken') throw this.#brokenError();
    throw new ExecutorShutdownError(
      `${this.#settings.name} accepts no tasks after ${this.#state === 'terminated' ? 'terminateWorkers()' : 'shutdown()'}; make a new one`,
    );
  }

  shutdown({ cancelFutures = false }: ShutdownOptions = {}): Promise<void> {
    if (this.#state === 'open') this.#state = 'draining';
    if (cancelFutures) {
      for (const job of this.#queue.drain()) {
        // One that is to be run again has started: it cannot be cancelled any more.
        if (!job.future.cancel()) this.#queue.push(job);
      }
    }
    this.#closeIdleSlots();
    return this.#closed();
  }

  terminateWorkers(): Promise<void> {
    this.#state = 'terminated';
    for (const job of this.#queue.drain()) {
      job.failForGood(this.#terminatedError());
    }
    for (const slot of this.#slots) slot.terminate();
    return this.#closed();
  }

  available(slot: WorkerSlot): void {
    this.#failedStarts = 0;
    this.#dispatch();
    slot.idle();
    if (this.#state !== 'open') this.#closeIdleSlots();
  }

  again(job: PoolJob): void {
    if (this.#state === 'terminated') {
      job.failForGood(this.#terminatedError());
      return;
    }
    this.#queue.unshift([job]);
    this.#dispatch();
  }

  exited(slot: WorkerSlot, end: SlotEnd): void {
    const { exit, wasReady, initializerFailed, unfinished } = end;
    this.#slots.delete(slot);
    if (this.#state === 'terminated') {
      for (const job of unfinished) job.failForGood(this.#terminatedError());
    } else if (wasReady) {
      this.#dispatch();
      for (const job of unfinished) this.#crashed(job, exit);
    } else {
      this.#failedToStart(exit, initializerFailed, unfinished);
    }
    if (this.#state !== 'open') this.#closeIdleSlots();
  }

  /** A worker that was never ready has not started its jobs. */
  #failedToStart(
    exit: WorkerExit,
    initializerFailed: boolean,
    unfinished: readonly PoolJob[],
  ): void {
    const aborted = unfinished.filter((job) => job.abortError !== undefined);
    for (const job of aborted) job.failForGood(job.abortError);
    this.#queue.unshift(unfinished.filter((job) => !aborted.includes(job)));
    // One that was ended for the sake of an aborted job says nothing of the others.
    if (aborted.length === 0) {
      this.#lastExit = exit;
      this.#failedStarts += 1;
    }
    if (initializerFailed || this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#break(initializerFailed);
    } else {
      this.#dispatch();
    }
  }

  #crashed(job: PoolJob, exit: WorkerExit): void {
    if (job.abortError !== undefined) {
      job.failForGood(job.abortError);
    } else if (
      job.fail(workerExitError(exit, `running task ${job.task.name}`))
    ) {
      this.again(job);
    }
  }

  #dispatch(): void {
    while (this.#queue.peek() !== undefined) {
      const slot = this.#slotForNextJob();
      if (slot === undefined) return;
      const job = this.#queue.shift();
      if (job !== undefined) slot.run(job);
    }
  }

  /** An idle worker, else a new one, else the one with the fewest jobs that has room. */
  #slotForNextJob(): WorkerSlot | undefined {
    let best: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (slot.hasRoom && (best === undefined || slot.load < best.load)) {
        best = slot;
      }
    }
    if (best?.load === 0 || this.#slots.size >= this.#settings.maxWorkers) {
      return best;
    }
    const slot = new WorkerSlot(this.#started++, this.#settings, this);
    this.#slots.add(slot);
    return slot;
  }

  #break(initializerFailed: boolean): void {
    this.#state = 'broken';
    this.#brokenBy = initializerFailed
      ? 'its initializer threw'
      : `${String(MAX_FAILED_STARTS)} in a row ended before they were ready`;
    for (const job of this.#queue.drain()) {
      job.failForGood(this.#brokenError());
    }
  }

  #closeIdleSlots(): void {
    if (this.#queue.peek() !== undefined) return;
    for (const slot of this.#slots) {
      if (slot.load === 0) slot.close();
    }
    if (this.#slots.size > 0) return;
    const whenClosed = this.#whenClosed;
    this.#whenClosed = [];
    for (const resolve of whenClosed) resolve();
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      this.#closeIdleSlots();
    });
  }

  #brokenError(): BrokenExecutorError {
    const exit = this.#lastExit;
    return new BrokenExecutorError(
      `${this.#settings.name} cannot start workers: ${this.#brokenBy}`,
      exit && { cause: workerExitError(exit, 'starting') },
    );
  }

  #terminatedError(): ExecutorTerminatedError {
    return new ExecutorTerminatedError(
      `${this.#settings.name} was ended by terminateWorkers()`,
    );
  }
}
