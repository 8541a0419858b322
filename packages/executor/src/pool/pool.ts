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
import {
  Dispatcher,
  type DispatcherOwner,
  type DispatcherSettings,
} from './dispatcher.ts';
import { PoolJob } from './job.ts';
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

export interface PoolSettings extends SlotsSettings, DispatcherSettings {
  /** For error messages: `ThreadPoolExecutor`. */
  readonly name: string;
  readonly minWorkers: number;
  readonly onWorkerCrash: OnWorkerCrash;
}

/**
 * Workers of one kind and the jobs for them. Workers are started when a job finds
 * none idle, up to maxWorkers.
 *
 *   submit -> dispatcher -> slot -> worker
 *                            |
 *   future  <----------------+  result, error, or the end of the worker
 */
export class WorkerPool implements SlotOwner, DispatcherOwner {
  readonly #settings: PoolSettings;
  readonly #terms: Terms;
  readonly #roomChanged: () => void;
  readonly #slots: Slots;
  readonly #dispatcher: Dispatcher;
  readonly #killed: string[] = [];
  #state: PoolState = 'open';
  #failedStarts = 0;
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
    this.#slots = new Slots(settings, this);
    this.#dispatcher = new Dispatcher(settings, this.#slots, this);
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
    // Its signal may have been aborted before.
    if (!job.future.done) this.#dispatcher.submit(job);
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
    return Math.max(maxQueue + this.#slots.room - this.#dispatcher.size, 0);
  }

  /** All jobs that have not ended. */
  get jobs(): PoolJob[] {
    return [...this.#dispatcher.jobs, ...this.#slots.jobs];
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

  holdBack(action: () => void): void {
    this.#dispatcher.holdBack(action);
  }

  available(): void {
    this.#dispatcher.dispatch();
  }

  rests(slot: WorkerSlot): void {
    slot.idle();
    this.#closeIfDone();
  }

  get waitingForEach(): number {
    return this.#dispatcher.size / this.#slots.size;
  }

  get hasSpareWorkers(): boolean {
    return this.#slots.staying > this.#settings.minWorkers;
  }

  get hasEnded(): boolean {
    return this.#state === 'broken' || this.#state === 'terminated';
  }

  roomChanged(): void {
    this.#roomChanged();
  }

  jobsEnded(): void {
    this.#closeIfDone();
  }

  answered(): void {
    this.#failedStarts = 0;
  }

  again(job: PoolJob): void {
    if (this.hasEnded) {
      job.failForGood(this.#endError());
      return;
    }
    this.#dispatcher.putBack([job]);
  }

  recalled(jobs: readonly PoolJob[]): void {
    if (jobs.length === 0) return;
    this.#dispatcher.putBack(jobs);
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
    this.#dispatcher.holdBack(() => {
      this.#dispatcher.putBack([...again, ...unstarted]);
      for (const job of unstarted) {
        if (job.abortError !== undefined) failUnlessDone(job, job.abortError);
      }
      const problem = this.#problem(end);
      if (problem !== undefined) this.#break(problem);
      else if (this.hasEnded) this.#failQueued();
      for (const job of crashed) this.#crashed(job, exit);
    });
    this.#startMinWorkers();
    this.#closeIfDone();
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
    for (const job of this.#dispatcher.jobs) {
      failUnlessDone(job, this.#endError());
    }
  }

  /** Why the end of this worker breaks the pool; undefined if it does not. */
  #problem(end: SlotEnd): string | undefined {
    if (this.hasEnded) return undefined;
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
    if (this.#state === 'open' || this.#dispatcher.isHeldBack) return;
    if (!this.#dispatcher.isEmpty) return;
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
