import type { RunTimes } from './clock.ts';
import { AbortError, TimeoutError } from './errors.ts';
import { Settler } from './future.ts';
import type { WorkerInfo } from './events.ts';
import type { Tally } from './tally.ts';
import { TaskReport } from './task-report.ts';
import type { JobOptions } from './task-options.ts';

/** The queue that a job went through. */
interface Home {
  /** The job is done. */
  left(job: Job): void;
}

/** What few jobs have. Apart, since a job is kept for each task that waits. */
class Details {
  report: TaskReport | undefined;
  /** Of the queue until it begins, then of the run. */
  timer: NodeJS.Timeout | undefined;
  /** Listens to the signal, if there is one. */
  signalled: (() => void) | undefined;
  /** What an aborted job fails with. */
  abortError: AbortError | TimeoutError | undefined;
  /** The queue of a job that was withdrawn, until its future has changed. */
  left: Home | undefined;
}

/**
 * One submitted call of a task, with the options that bear on its life. Each
 * backend adds what it needs to run it.
 *
 *   submit ──> watch() ──> begin() ──> succeed(), fail()
 *              queueTimeout │  timeout
 *              signal       │  signal, abort(): stop()
 *                           └── again for each retry
 */
export abstract class Job extends Settler<unknown> {
  readonly options: JobOptions;
  /** How often it was begun. */
  attempt = 0;
  /** Undefined before it is queued, and once it is done. */
  home: Home | undefined;
  /** Where it waits in the queue. Only the queue looks at it. */
  waits: 'inside' | 'outside' | undefined;
  readonly #tally: Tally;
  #details: Details | undefined;

  constructor(options: JobOptions, tally: Tally) {
    super();
    this.options = options;
    this.#tally = tally;
    tally.submitted += 1;
  }

  /** For display: the name of the task. */
  abstract readonly name: string;

  /** How many calls of the task it is. */
  countCalls(): number {
    return 1;
  }

  /** Who runs it; undefined if it runs in this event loop. */
  get worker(): WorkerInfo | undefined {
    return undefined;
  }

  /** Whether the worker is to tell when it began and ended. */
  get isTimed(): boolean {
    return this.#details?.report?.isHeard ?? false;
  }

  /** Why it is to end, once it was aborted. */
  get abortError(): AbortError | TimeoutError | undefined {
    return this.#details?.abortError;
  }

  /** It was submitted. Starts to heed the signal and the limit of the time in the queue. */
  watch(): void {
    const report = TaskReport.of(
      this.future.id,
      this.name,
      this.countCalls(),
      this.#tally,
    );
    const { signal, queueTimeout } = this.options;
    if (report !== undefined) this.#detailed().report = report;
    if (queueTimeout !== undefined && queueTimeout !== Infinity) {
      const expire = (): void => {
        this.#end(
          new TimeoutError(
            `task ${this.name} was not started within ${String(queueTimeout)} ms`,
          ),
        );
        this.#leave();
      };
      this.#detailed().timer = setTimeout(() => {
        if (this.withdraw(expire)) expire();
      }, queueTimeout);
    }
    if (signal === undefined) return;
    const signalled = (): void => {
      this.future.abort(signal.reason);
    };
    this.#detailed().signalled = signalled;
    signal.addEventListener('abort', signalled);
    if (signal.aborted) signalled();
  }

  /** A worker runs the job. */
  begin(): void {
    this.attempt += 1;
    this.#stopTimer();
    // A retried job, or one whose worker died before it ran anything, is running already.
    if (this.future.state === 'pending') {
      this.#tally.running += 1;
      this.start();
    }
    this.#details?.report?.started(this.attempt, this.worker);
    const { timeout } = this.options;
    if (timeout === undefined || timeout === Infinity) return;
    this.#detailed().timer = setTimeout(() => {
      const error = new TimeoutError(
        `task ${this.name} ran longer than ${String(timeout)} ms`,
      );
      this.#stopWith(error, error);
    }, timeout);
  }

  /** It was begun, and its worker died before it had started the task. */
  unbegin(): void {
    this.attempt -= 1;
    this.#stopTimer();
    this.#details?.report?.notStarted();
  }

  /** A run has come to nothing, and whoever runs the job begins another one. */
  runLost(error: unknown): void {
    this.#stopTimer();
    this.#details?.report?.retried({ failed: true, error });
  }

  /** The worker has told when it began and ended. */
  ran(times: RunTimes): void {
    const report = this.#details?.report;
    if (report !== undefined) report.times = times;
  }

  succeed(value: unknown): void {
    this.#unwatch();
    this.#tally.running -= 1;
    this.#tally.finished += 1;
    this.#details?.report?.finished({ failed: false });
    this.resolve(value);
    this.#leave();
  }

  /**
   * The run failed. Rejects the future, unless there are retries left: then it
   * returns true, and the job is to be run again.
   *
   * @param aborted whether the task threw because it was aborted
   */
  fail(error: unknown, aborted = false): boolean {
    if (this.runsAgain(error, true)) return true;
    const abortError = aborted ? this.abortError : undefined;
    this.#failForGood(abortError ?? error, abortError === undefined);
    return false;
  }

  /**
   * The run has failed: whether the job is to be run again.
   *
   * @param thrown whether the task has thrown the error
   */
  runsAgain(error: unknown, thrown = false): boolean {
    this.#stopTimer();
    const again =
      this.abortError === undefined &&
      this.attempt <= (this.options.retries ?? 0);
    if (again) this.#details?.report?.retried({ failed: true, error, thrown });
    return again;
  }

  /** Rejects the future, whatever retries are left. */
  failForGood(error: unknown): void {
    this.#failForGood(error, false);
  }

  override revoke(reason?: unknown): boolean {
    const withdrawn = this.withdraw(() => {
      this.#tally.cancelled += 1;
      this.cancelled(reason);
    });
    if (withdrawn) this.#tally.cancelled += 1;
    return withdrawn;
  }

  override revoked(): void {
    this.#details?.report?.cancelled();
    this.#leave();
  }

  /** The caller wants the running task to end. */
  override abort(reason: unknown): void {
    const error = new AbortError(`task ${this.name} was aborted`, {
      cause: reason,
    });
    this.#stopWith(error, reason);
  }

  /**
   * Takes the job back if it has not started: then it must never run.
   *
   * @param later to be called, at most once, if it is taken back after this has
   *   returned false
   */
  protected withdraw(later: () => void): boolean;
  protected withdraw(): boolean {
    this.#unwatch();
    this.#detailed().left = this.home;
    this.home = undefined; // the queue passes over it from now on
    return true;
  }

  /**
   * Has the task end, which is running. Whoever runs it settles the job when it
   * has ended, at last with `abortError`.
   */
  protected abstract stop(reason: unknown): void;

  #stopWith(error: AbortError | TimeoutError, reason: unknown): void {
    if (this.abortError !== undefined) return;
    this.#detailed().abortError = error;
    this.#stopTimer();
    this.stop(reason);
  }

  #failForGood(error: unknown, thrown: boolean): void {
    this.#unwatch();
    this.#end(error, thrown);
    this.#leave();
  }

  #end(error: unknown, thrown = false): void {
    if (this.future.running) this.#tally.running -= 1;
    this.#tally.finished += 1;
    this.#tally.failed += 1;
    this.#details?.report?.finished({ failed: true, error, thrown });
    this.reject(error);
  }

  #detailed(): Details {
    return (this.#details ??= new Details());
  }

  #stopTimer(): void {
    if (this.#details !== undefined) clearTimeout(this.#details.timer);
  }

  /** Nothing may call the job after its end. */
  #unwatch(): void {
    this.#stopTimer();
    const signalled = this.#details?.signalled;
    if (signalled === undefined) return;
    this.options.signal?.removeEventListener('abort', signalled);
  }

  /** Last of all: the queue may start another job, in the middle of this call. */
  #leave(): void {
    const home = this.home ?? this.#details?.left;
    this.home = undefined;
    if (this.#details !== undefined) this.#details.left = undefined;
    home?.left(this);
  }
}
