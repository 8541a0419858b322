import type { AnyIterable } from './feed.ts';
import type { Future } from './future.ts';
import { MapResults } from './map.ts';
import type { Task } from './task.ts';

export interface ShutdownOptions {
  /** Cancel the tasks that have not started. Default: false, they still run. */
  readonly cancelFutures?: boolean;
}

/** One iterable for each parameter of the task. */
export type MapInputs<A extends readonly unknown[]> = {
  readonly [K in keyof A]: AnyIterable<A[K]>;
};

/**
 * Runs tasks, and gives a future for each. All backends implement it, so that
 * the choice between threads, processes and this event loop is one word.
 */
export interface Executor extends AsyncDisposable {
  /** The largest number of workers. */
  readonly maxWorkers: number;

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
   */
  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>>;

  /**
   * Accepts no more tasks. Resolves when all that were submitted are done and
   * every worker has ended. Calling it without `await` is allowed: the work
   * still completes.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
}

/** What all executors do alike. */
export abstract class BaseExecutor implements Executor {
  abstract readonly maxWorkers: number;

  abstract submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>>;

  abstract shutdown(options?: ShutdownOptions): Promise<void>;

  /** Throws if `submit` would: map must fail when it is called, not at the first item. */
  protected abstract assertAccepting(): void;

  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>> {
    this.assertAccepting();
    return new MapResults(
      task.name,
      iterables,
      // The items have the types of the parameters: MapInputs says so.
      (args) => this.submit(task, ...(args as unknown as A)),
    );
  }

  /** Waits for all tasks, as `shutdown()` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }
}
