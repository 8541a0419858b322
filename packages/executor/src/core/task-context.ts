import { AsyncLocalStorage } from 'node:async_hooks';
import { InvalidStateError } from './errors.ts';

/** What a running task knows of itself. */
export interface TaskContext {
  /** Aborted when the future is; a task that heeds it ends without harm to its worker. */
  readonly signal: AbortSignal;
  /** 1 for the first run, one more for each retry. */
  readonly attempt: number;
  /**
   * Names the call of the task, and is the same in each of its runs, also on other
   * machines. Undefined where tasks run on this machine only.
   */
  readonly idempotencyKey: string | undefined;
  /** The id of the thread or process that runs the task. */
  readonly workerId: number;
  /** Sends a value to the progress callbacks of the future, in order. */
  readonly report: (progress: unknown) => void;
  /**
   * Has the worker replaced by a new one when this task is done, for instance since
   * the task has used a library that leaks. Without effect in this event loop.
   */
  readonly retireWorker: () => void;
}

/** Takes what a task reports. @param id that of the run, as TaskRun was given it */
type TakeReport = (progress: unknown, id: number) => void;

/**
 * One run of a task, from the side of whoever runs it. One is made for each task, so what
 * few tasks ask for is made when they do.
 */
export class TaskRun implements TaskContext {
  readonly attempt: number;
  readonly idempotencyKey: string | undefined;
  readonly workerId: number;
  retiresWorker = false;
  readonly #takeReport: TakeReport;
  readonly #id: number;
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #within: TaskRun | undefined;

  constructor(
    attempt: number,
    workerId: number,
    takeReport: TakeReport,
    id = 0,
    idempotencyKey?: string,
  ) {
    this.attempt = attempt;
    this.idempotencyKey = idempotencyKey;
    this.workerId = workerId;
    this.#takeReport = takeReport;
    this.#id = id;
  }

  get report(): (progress: unknown) => void {
    return (progress) => {
      this.#takeReport(progress, this.#id);
    };
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) {
        this.#controller.abort(this.#aborted.reason);
      }
    }
    return this.#controller.signal;
  }

  get retireWorker(): () => void {
    return () => {
      this.retiresWorker = true;
    };
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
    this.#within?.abort(reason);
  }

  /** The run of another task that this one makes: it is aborted together with this one. */
  begin(
    attempt: number,
    takeReport: TakeReport,
    idempotencyKey: string,
  ): TaskRun {
    const run = new TaskRun(
      attempt,
      this.workerId,
      takeReport,
      this.#id,
      idempotencyKey,
    );
    this.#within = run;
    if (this.#aborted !== undefined) run.abort(this.#aborted.reason);
    return run;
  }

  /** Throws the reason if it was aborted before it was called. */
  throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted.reason;
  }

  /** Whether the task threw this because it was aborted, and not for another reason. */
  isAbortion(thrown: unknown): boolean {
    if (this.#aborted === undefined) return false;
    return (
      thrown === this.#aborted.reason ||
      (thrown instanceof Error && thrown.name === 'AbortError')
    );
  }

  /** Calls the task; taskContext() in it, and in what it awaits, is this run. */
  call(
    fn: (...args: readonly unknown[]) => unknown,
    args: readonly unknown[],
  ): unknown {
    return current.run(this, fn, ...args);
  }
}

const current = new AsyncLocalStorage<TaskRun>();

/** The run of the task that calls it; undefined outside of a task. */
export function currentRun(): TaskRun | undefined {
  return current.getStore();
}

/**
 * The context of the task that calls it.
 *
 * @throws InvalidStateError outside of a task
 */
export function taskContext(): TaskContext {
  const run = current.getStore();
  if (run === undefined) {
    throw new InvalidStateError(
      'taskContext() was called outside of a task: only a function that an executor runs has a context',
    );
  }
  return run;
}
