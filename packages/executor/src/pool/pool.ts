import {
  BrokenExecutorError,
  ExecutorTerminatedError,
  workerExitError,
  type WorkerExit,
} from '../core/errors.ts';
import type { Future } from '../core/future.ts';
import { shutdownError } from '../core/shutdown.ts';
import type { Stats, Tally } from '../core/tally.ts';
import type { JobOptions } from '../core/task-options.ts';
import { encodeValue, type EncodedValue } from '../wire/value-codec.ts';
import { PoolJob, type PoolCall } from './job.ts';
import { JobQueue } from './queue.ts';
import { RunAhead } from './run-ahead.ts';
import {
  WorkerSlot,
  cannotSend,
  type SlotEnd,
  type SlotOwner,
  type SlotSettings,
} from './worker-slot.ts';

/**
 * After this many workers in a row that ended before they ran anything the pool is
 * broken. One such end can be chance (the machine was out of memory); without a
 * bound a pool whose workers cannot start would start them for ever.
 */
const MAX_FAILED_STARTS = 3;

/**
 * Arguments of so many bytes take some milliseconds to copy, of this event loop
 * and of the worker. Who sends them mostly does not know.
 */
const LARGE_PAYLOAD = 10_000_000;

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

export interface PoolSettings extends SlotSettings {
  /** For error messages: `ThreadPoolExecutor`. */
  readonly name: string;
  readonly maxWorkers: number;
  readonly minWorkers: number;
  readonly maxQueue: number;
  /** Milliseconds; undefined: idle workers stay. */
  readonly idleTimeout: number | undefined;
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
  readonly #tally: Tally;
  readonly #roomChanged: () => void;
  readonly #queue: JobQueue<PoolJob>;
  readonly #slots = new Set<WorkerSlot>();
  readonly #runAhead: RunAhead;
  /** Taken from the queue, and not in a slot: its arguments are being encoded. */
  readonly #inHand = new Set<PoolJob>();
  readonly #killed: string[] = [];
  #state: PoolState = 'open';
  #failedStarts = 0;
  #hasWarned = false;
  #lastExit: WorkerExit | undefined;
  #lastActivity = '';
  /** Why it is broken, or what has terminated it. */
  #endedBy = '';
  #started = 0;
  #whenClosed: (() => void)[] = [];

  /** @param roomChanged called when there may be more room, or none ever any more */
  constructor(settings: PoolSettings, tally: Tally, roomChanged: () => void) {
    this.#settings = settings;
    this.#tally = tally;
    this.#roomChanged = roomChanged;
    this.#queue = new JobQueue(settings.maxQueue, () => {
      this.#dispatch();
    });
    this.#runAhead = new RunAhead(this.#slots, (jobs) => {
      this.recalled(jobs);
    });
    this.#startMinWorkers();
  }

  submit(call: PoolCall, options: JobOptions): Future<unknown> {
    const job = new PoolJob(call, options, this.#tally);
    job.watch();
    if (job.future.done) return job.future; // its signal was aborted before
    this.#queue.push(job);
    if (this.#queue.hasPriorities) {
      this.#queue.unshift(this.#runAhead.recallBelow(options.priority ?? 0));
    }
    this.#dispatch();
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
    const { maxWorkers, capacity, maxQueue } = this.#settings;
    let free = (maxWorkers - this.#slots.size) * capacity;
    for (const slot of this.#slots)
      if (slot.hasRoom) free += capacity - slot.load;
    return Math.max(maxQueue + free - this.#queue.size, 0);
  }

  /** All jobs that are not done. */
  get jobs(): PoolJob[] {
    return [
      ...this.#queue.jobs(),
      ...this.#inHand,
      ...[...this.#slots].flatMap((slot) => slot.jobs),
    ];
  }

  get workers(): Pick<Stats, 'workers' | 'busyWorkers'> {
    const busy = [...this.#slots].filter((slot) => slot.load > 0);
    return { workers: this.#slots.size, busyWorkers: busy.length };
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

  available(): void {
    this.#dispatch();
  }

  rests(slot: WorkerSlot): void {
    slot.idle(
      this.#slots.size > this.#settings.minWorkers
        ? this.#settings.idleTimeout
        : undefined,
    );
    this.#closeIfDone();
  }

  answered(): void {
    this.#failedStarts = 0;
  }

  again(job: PoolJob): void {
    if (this.#hasEnded) {
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
    this.#queue.unshift(unstarted);
    for (const job of unstarted) {
      if (job.abortError !== undefined) failUnlessDone(job, job.abortError);
    }
    const problem = this.#problem(end);
    if (problem !== undefined) this.#break(problem);
    else if (this.#hasEnded) this.#failQueued();
    this.#dispatch();
    for (const job of started) this.#crashed(job, exit);
    this.#startMinWorkers();
    this.#closeIfDone();
  }

  /** Whether no job can start any more. */
  get #hasEnded(): boolean {
    return this.#state === 'broken' || this.#state === 'terminated';
  }

  /** What jobs fail with once the pool has ended; an object of its own for each. */
  #endError(): Error {
    return this.#state === 'terminated'
      ? this.#terminatedError()
      : this.#brokenError();
  }

  #failQueued(): void {
    for (const job of [...this.#queue.jobs(), ...this.#inHand]) {
      failUnlessDone(job, this.#endError());
    }
  }

  /** Why the end of this worker breaks the pool; undefined if it does not. */
  #problem(end: SlotEnd): string | undefined {
    if (this.#hasEnded) return undefined;
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
    else if (this.#hasEnded) job.failForGood(this.#endError());
    else if (job.fail(workerExitError(exit, `running task ${job.name}`))) {
      this.again(job);
    }
  }

  #dispatch(): void {
    // While the queue of an ended pool is emptied, what is left must not start.
    while (!this.#hasEnded) {
      const job = this.#queue.peek();
      if (job === undefined) {
        if (!this.#fetchForIdle()) break;
      } else {
        if (!this.#hasPlaceFor(job)) break;
        this.#queue.shift();
        this.#place(job);
      }
    }
    this.#roomChanged();
  }

  #place(job: PoolJob): void {
    const body = this.#encode(job);
    if (body === undefined) return;
    const slot = this.#slotFor(job);
    // A getter among the arguments may have submitted another job, which has the place.
    if (slot === undefined) this.#queue.unshift([job]);
    else slot.run(job, body);
    this.#runAhead.watch();
  }

  /** Gives undefined if the job is done now. */
  #encode(job: PoolJob): EncodedValue | undefined {
    this.#inHand.add(job);
    try {
      const body = encodeValue(job.args, {
        shared: this.#settings.sharesMemory,
        ...(job.options.transfer && { transfer: job.options.transfer }),
      });
      this.#warnIfLarge(job, body);
      // A getter among the arguments may have cancelled it.
      return job.future.done ? undefined : body;
    } catch (cause) {
      if (!job.future.done) job.failForGood(cannotSend(job, cause));
      return undefined;
    } finally {
      this.#inHand.delete(job);
    }
  }

  #warnIfLarge({ name }: PoolJob, { bytes }: EncodedValue): void {
    if (bytes.length < LARGE_PAYLOAD || this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      `the arguments of task ${name} take ${String(Math.round(bytes.length / 1e6))} MB, which are copied for each call: let the task read them itself, share them, or transfer them to a thread; this is said once for an executor`,
      'LargePayloadWarning',
    );
  }

  #hasPlaceFor(job: PoolJob): boolean {
    if (this.#slots.size < this.#settings.maxWorkers) return true;
    for (const slot of this.#slots) if (slot.hasRoom) return true;
    return this.#runAhead.slotFor(job) !== undefined;
  }

  /** An idle worker, else a new one, else the one with the fewest jobs that has room. */
  #slotFor(job: PoolJob): WorkerSlot | undefined {
    let best: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (slot.hasRoom && (best === undefined || slot.load < best.load)) {
        best = slot;
      }
    }
    if (best?.load === 0) return best;
    if (this.#slots.size < this.#settings.maxWorkers) return this.#startSlot();
    return best ?? this.#runAhead.slotFor(job);
  }

  #startSlot(): WorkerSlot {
    const slot = new WorkerSlot(this.#started++, this.#settings, this);
    this.#slots.add(slot);
    return slot;
  }

  #startMinWorkers(): void {
    const { minWorkers } = this.#settings;
    while (this.#state === 'open' && this.#slots.size < minWorkers) {
      this.#startSlot();
    }
  }

  /** The queue is empty: an idle worker gets a job that waits behind another one. */
  #fetchForIdle(): boolean {
    for (const slot of this.#slots) {
      if (slot.hasRoom && slot.load === 0) {
        const jobs = this.#runAhead.recallOldest();
        this.#queue.unshift(jobs);
        return jobs.length > 0;
      }
    }
    return false;
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
    if (this.#state === 'open') return;
    if (this.#queue.size > 0 || this.#inHand.size > 0) return;
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
