import type { AnyIterable } from './feed.ts';
import type { Future } from './future.ts';
import type { CallFutures, Calls } from './invoke.ts';
import type { MapResults } from './map.ts';
import type { ShutdownOptions, ShutdownReport } from './shutdown.ts';
import type { Stats } from './tally.ts';
import type { Task, TaskFunction, TaskMarker } from './task.ts';
import type { TaskStream } from './task-stream.ts';
import type { SubmitOptions } from './task-options.ts';

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
   * @throws QueueFullError if `maxQueue` tasks wait, and onFull is 'reject'
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
   * Submits several calls, each an array `[task, ...args]`, and resolves with
   * their futures, in order, when all are done. What a task throws is in its
   * future.
   *
   * @throws as `submit`; then those submitted before are cancelled or aborted
   */
  invokeAll<const F extends readonly TaskLike[]>(
    calls: Calls<F>,
  ): Promise<CallFutures<F>>;

  /**
   * Submits several calls, each an array `[task, ...args]`, and resolves with the
   * first result. The others are then cancelled or aborted, and not waited for.
   *
   * @throws as `submit`
   * @throws AggregateError if all fail; `errors` are in the order of the calls
   * @throws OptionRangeError if there is no call
   */
  invokeAny<const F extends readonly TaskLike[]>(
    calls: Calls<F>,
  ): Promise<Awaited<ReturnType<F[number]>>>;

  /**
   * Calls a task that is a generator, sync or async, and gives its values as they
   * come. It is never retried: values that were taken would come again.
   *
   * @throws as `submit`
   */
  stream<A extends readonly unknown[], Y>(
    task: Task<A, AsyncIterable<Y> | Iterable<Y>>,
    ...args: A
  ): TaskStream<Y>;

  /**
   * The same executor with options for what is submitted through the result.
   * Options that are not given stay as they are.
   *
   * @throws OptionTypeError
   * @throws OptionRangeError
   */
  with(options: SubmitOptions): Submitter;
}

/** A task of any type. */
export type TaskLike = ((...args: never[]) => unknown) & TaskMarker;

/** Takes any function, also a closure: nothing leaves this process. */
export interface FunctionSubmitter extends Submitter {
  submit<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>>;
  map<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>>;
  invokeAll<const F extends readonly TaskFunction[]>(
    calls: Calls<F>,
  ): Promise<CallFutures<F>>;
  invokeAny<const F extends readonly TaskFunction[]>(
    calls: Calls<F>,
  ): Promise<Awaited<ReturnType<F[number]>>>;
  stream<A extends readonly unknown[], Y>(
    fn: (...args: A) => AsyncIterable<Y> | Iterable<Y>,
    ...args: A
  ): TaskStream<Y>;
  with(options: SubmitOptions): FunctionSubmitter;
}

/**
 * Runs tasks. All backends implement it, so that the choice between threads,
 * processes and this event loop is one word.
 */
export interface Executor extends Submitter, AsyncDisposable {
  /** The largest number of workers. */
  readonly maxWorkers: number;

  /** How many tasks and workers there are now, in which state. */
  stats(): Stats;

  /**
   * Resolves when a task can be submitted that does not exceed `maxQueue`; at once
   * without that option. Who submits in a loop awaits it to bound the queue. Those
   * who wait get a place in order; it is kept until this turn of the event loop
   * ends, so `submit` must follow without another wait.
   *
   * @throws ExecutorShutdownError after `shutdown`, also while it waits
   * @throws BrokenExecutorError likewise
   */
  ready(): Promise<void>;

  /**
   * Accepts no more tasks. Resolves when all that were submitted are done and
   * every worker has ended, with a report of what did not end by itself. Calling
   * it without `await` is allowed: the work still completes.
   */
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport>;
}
