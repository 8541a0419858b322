import type { AnyIterable } from './feed.ts';
import type { Future } from './future.ts';
import { MapResults } from './map.ts';
import type { Task } from './task.ts';
import {
  checkSubmitOptions,
  noOptions,
  type SubmitOptions,
  type TaskOptions,
} from './task-options.ts';

export interface ShutdownOptions {
  /** Cancel the tasks that have not started. Default: false, they still run. */
  readonly cancelFutures?: boolean;
}

/** One iterable for each parameter of the task. */
export type MapInputs<A extends readonly unknown[]> = {
  readonly [K in keyof A]: AnyIterable<A[K]>;
};

/** Takes tasks, and gives a future for each. */
export interface Submitter {
  /**
   * Queues one call of a task.
   *
   * @throws ExecutorShutdownError after `shutdown`
   * @throws BrokenExecutorError if the workers cannot be started
   * @throws TaskInvalidError if the backend needs a task and this is none
   */
  submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>>;

  /**
   * Calls a task for each item of the iterable (with several iterables: for the
   * first items of all, then the second ones, until one ends), and gives the
   * results in the order of the input. The input may be endless.
   *
   * @throws as `submit`
   */
  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>>;

  /**
   * The same executor with options for what is submitted through the result.
   * Options that are not given stay as they are.
   *
   * @throws OptionTypeError
   * @throws OptionRangeError
   */
  with(options: SubmitOptions): Submitter;
}

/**
 * Runs tasks. All backends implement it, so that the choice between threads,
 * processes and this event loop is one word.
 */
export interface Executor extends Submitter, AsyncDisposable {
  /** The largest number of workers. */
  readonly maxWorkers: number;

  /**
   * Accepts no more tasks. Resolves when all that were submitted are done and
   * every worker has ended. Calling it without `await` is allowed: the work
   * still completes.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
}

/** What the common parts need of a backend. */
interface Backend {
  enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: TaskOptions,
  ): Future<unknown>;
  /** Throws if `enqueue` would: map must fail when it is called, not at the first item. */
  assertAccepting(): void;
}

export type TaskFunction = (...args: never[]) => unknown;

/** Submits with fixed options. */
class SubmitterWithOptions implements Submitter {
  readonly #backend: Backend;
  readonly #options: SubmitOptions;

  constructor(backend: Backend, options: SubmitOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>> {
    // The backend runs the function of this type; it knows no types itself.
    return this.#backend.enqueue(task, args, this.#options) as Future<
      Awaited<R>
    >;
  }

  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>> {
    this.#backend.assertAccepting();
    return new MapResults(
      task.name,
      iterables,
      // The items have the types of the parameters: MapInputs says so.
      (args) => this.submit(task, ...(args as unknown as A)),
      this.#options,
    );
  }

  with(options: SubmitOptions): Submitter {
    const merged = { ...this.#options, ...checkSubmitOptions(options) };
    return new SubmitterWithOptions(this.#backend, merged);
  }
}

/** What all executors do alike. */
export abstract class BaseExecutor implements Executor {
  abstract readonly maxWorkers: number;
  readonly #submitter: SubmitterWithOptions = new SubmitterWithOptions(
    {
      enqueue: (task, args, options) => this.enqueue(task, args, options),
      assertAccepting: () => {
        this.assertAccepting();
      },
    },
    noOptions,
  );

  submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>> {
    return this.#submitter.submit(task, ...args);
  }

  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>> {
    return this.#submitter.map(task, ...iterables);
  }

  with(options: SubmitOptions): Submitter {
    return this.#submitter.with(options);
  }

  abstract shutdown(options?: ShutdownOptions): Promise<void>;

  /** Waits for all tasks, as `shutdown()` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  protected abstract enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: TaskOptions,
  ): Future<unknown>;

  protected abstract assertAccepting(): void;
}
