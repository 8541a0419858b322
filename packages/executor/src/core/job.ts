import type { RunTimes } from './clock.ts';
import { AbortError, TimeoutError } from './errors.ts';
import { Settler } from './future.ts';
import type { WorkerInfo } from './events.ts';
import type { Tally } from './tally.ts';
import { TaskReport } from './task-report.ts';
import type { JobOptions } from './task-options.ts';

/** Where a job is, as the queue sees it that it went through. */
export interface Home {
  /** Whether it waits there to be handed out. */
  readonly isWaiting: boolean;
  /** The job is done. */
  left(job: Job): void;
}

/** The job was withdrawn: the queue passes over it, and hears of it when its future has changed. */
class Withdrawn implements Home {
  readonly isWaiting = false;
  readonly #from: Home;

  constructor(from: Home) {
    this.#from = from;
  }

  left(job: Job): void {
    this.#from.left(job);
  }
}

/**
 * What jobs have in common that are submitted in the same way. They share one object, as a
 * job is kept for each task that waits.
 */
export interface JobTerms {
  readonly options: JobOptions;
  /** That of the executor. */
  readonly tally: Tally;
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

  stopTimer(): void {
    clearTimeout(this.timer);
  }

  /** Nothing may call the job after its end. */
  unwatch(signal: AbortSignal | undefined): void {
    this.stopTimer();
    if (this.signalled === undefined) return;
    signal?.removeEventListener('abort', this.signalled);
  }
}

/**
 * One submitted call of a task, with the options that bear on its life. Each
 * backend adds what it needs to run it.
 *
 *   submit ──> watch() ──> begin() ──> succeed(), fail()
 *              queueTimeout │  timeout
 *              signal       │  signal, abort(): stop()
 *                           └── again for each retry
 *
 * No class of jobs has private methods, other than static ones: each object would take 8
 * bytes more.
 */
export abstract class Job extends Settler<unknown> {
  protected readonly terms: JobTerms;
  /** How often it was begun. */
  attempt = 0;
  /** Undefined before it is queued, and once it is done. */
  home: Home | undefined;
  #details: Details | undefined;

  constructor(terms: JobTerms) {
    super();
    this.terms = terms;
    terms.tally.submitted += 1;
  }

  static #detailsOf(job: Job): Details {
    return (job.#details ??= new Details());
  }

  get options(): JobOptions {
    return this.terms.options;
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

  /** Whether nobody is called when it succeeds. */
  get endsQuietly(): boolean {
    return this.#details === undefined && !this.hasCallbacks;
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
      this.terms.tally,
    );
    const { signal, queueTimeout } = this.options;
    if (report !== undefined) Job.#detailsOf(this).report = report;
    if (queueTimeout !== undefined && queueTimeout !== Infinity) {
      const expire = (): void => {
        this.failForGood(
          new TimeoutError(
            `task ${this.name} was not started within ${String(queueTimeout)} ms`,
          ),
        );
      };
      Job.#detailsOf(this).timer = setTimeout(() => {
        if (this.withdraw(expire)) expire();
      }, queueTimeout);
    }
    if (signal === undefined) return;
    const signalled = (): void => {
      this.future.abort(signal.reason);
    };
    Job.#detailsOf(this).signalled = signalled;
    signal.addEventListener('abort', signalled);
    if (signal.aborted) signalled();
  }

  /** A worker runs the job. */
  begin(): void {
    this.attempt += 1;
    this.#details?.stopTimer();
    // A retried job, or one whose worker died before it ran anything, is running already.
    if (this.future.state === 'pending') {
      this.terms.tally.running += 1;
      this.start();
    }
    this.#details?.report?.started(this.attempt, this.worker);
    const { timeout } = this.options;
    if (timeout === undefined || timeout === Infinity) return;
    Job.#detailsOf(this).timer = setTimeout(() => {
      const error = new TimeoutError(
        `task ${this.name} ran longer than ${String(timeout)} ms`,
      );
      this.stopWith(error, error);
    }, timeout);
  }

  /** It was begun, and its worker died before it had started the task. */
  unbegin(): void {
    this.attempt -= 1;
    this.#details?.stopTimer();
    this.#details?.report?.notStarted();
  }

  /** A run has come to nothing, and whoever runs the job begins another one. */
  runLost(error: unknown): void {
    this.#details?.stopTimer();
    this.#details?.report?.retried({ failed: true, error });
  }

  /** The worker has told when it began and ended. */
  ran(times: RunTimes): void {
    const report = this.#details?.report;
    if (report !== undefined) report.times = times;
  }

  succeed(value: unknown): void {
    this.#details?.unwatch(this.options.signal);
    this.terms.tally.running -= 1;
    this.terms.tally.finished += 1;
    this.#details?.report?.finished({ failed: false });
    this.resolve(value);
    leave(this);
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
    this.failForGood(abortError ?? error, abortError === undefined);
    return false;
  }

  /**
   * The run has failed: whether the job is to be run again.
   *
   * @param thrown whether the task has thrown the error
   */
  runsAgain(error: unknown, thrown = false): boolean {
    this.#details?.stopTimer();
    const again =
      this.abortError === undefined &&
      this.attempt <= (this.options.retries ?? 0);
    if (again) this.#details?.report?.retried({ failed: true, error, thrown });
    return again;
  }

  /**
   * Rejects the future, whatever retries are left.
   *
   * @param thrown whether the task has thrown the error
   */
  failForGood(error: unknown, thrown = false): void {
    this.#details?.unwatch(this.options.signal);
    const { tally } = this.terms;
    if (this.future.running) tally.running -= 1;
    tally.finished += 1;
    tally.failed += 1;
    this.#details?.report?.finished({ failed: true, error, thrown });
    this.reject(error);
    leave(this);
  }

  override revoke(reason?: unknown): boolean {
    const withdrawn = this.withdraw(() => {
      this.terms.tally.cancelled += 1;
      this.cancelled(reason);
    });
    if (withdrawn) this.terms.tally.cancelled += 1;
    return withdrawn;
  }

  override revoked(): void {
    this.#details?.report?.cancelled();
    leave(this);
  }

  /** The caller wants the running task to end. */
  override abort(reason: unknown): void {
    const error = new AbortError(`task ${this.name} was aborted`, {
      cause: reason,
    });
    this.stopWith(error, reason);
  }

  /**
   * Takes the job back if it has not started: then it must never run.
   *
   * @param later to be called, at most once, if it is taken back after this has
   *   returned false
   */
  protected withdraw(later: () => void): boolean;
  protected withdraw(): boolean {
    this.#details?.unwatch(this.options.signal);
    if (this.home !== undefined) this.home = new Withdrawn(this.home);
    return true;
  }

  /**
   * Has the task end, which is running. Whoever runs it settles the job when it
   * has ended, at last with `abortError`.
   */
  protected abstract stop(reason: unknown): void;

  /** @param error what it fails with, if it does not end well after all */
  protected stopWith(error: AbortError | TimeoutError, reason: unknown): void {
    if (this.abortError !== undefined) return;
    const details = Job.#detailsOf(this);
    details.abortError = error;
    details.stopTimer();
    this.stop(reason);
  }
}

/** Last of all: the queue may start another job, in the middle of this call. */
function leave(job: Job): void {
  const { home } = job;
  job.home = undefined;
  home?.left(job);
}
