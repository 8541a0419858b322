import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import { NestedExecutorError } from '../core/errors.ts';
import {
  BaseExecutor,
  type ShutdownOptions,
  type TaskFunction,
} from '../core/executor.ts';
import type { Future } from '../core/future.ts';
import { positiveInteger, timeoutOption } from '../core/options.ts';
import { addressOf, isLoadingInWorker, type TaskMarker } from '../core/task.ts';
import type { TaskOptions } from '../core/task-options.ts';
import { WorkerPool } from '../pool/pool.ts';
import type { StartWorker } from '../pool/worker-handle.ts';

/** How a worker is started. */
export interface WorkerOptions {
  /** Names the workers: `download_0`, `download_1`. Default: the class name. */
  readonly namePrefix?: string;
  /** The environment of the workers. Default: that of this program. */
  readonly env?: NodeJS.ProcessEnv;
  /** Options for Node.js in the workers. Default: those of this program. */
  readonly execArgv?: readonly string[];
  /** Limits of a worker's memory, in megabytes. Default: those of Node.js. */
  readonly resourceLimits?: ResourceLimits;
}

export interface PoolOptions extends WorkerOptions {
  /** The largest number of workers. Default: os.availableParallelism(). */
  readonly maxWorkers?: number;
  /**
   * How many tasks one worker runs at once. Default: 1. More than one is for
   * tasks that mostly wait, such as downloads: they share the worker's event loop.
   */
  readonly tasksPerWorker?: number;
  /** After so many tasks a worker is replaced by a new one. Default: never. */
  readonly maxTasksPerWorker?: number;
  /** A task that each worker runs before its first one. If it throws, the executor is broken. */
  readonly initializer?: ((...args: readonly never[]) => unknown) & TaskMarker;
  /** The arguments of the initializer. */
  readonly initArgs?: readonly unknown[];
  /**
   * Milliseconds that an aborted task has to end by its signal, before its worker
   * is terminated. Default: 1000.
   */
  readonly abortGrace?: number;
}

const ABORT_GRACE = 1_000;

/** An executor whose tasks run in workers of their own: threads or processes. */
export abstract class PoolExecutor extends BaseExecutor {
  readonly maxWorkers: number;
  readonly tasksPerWorker: number;
  readonly #pool: WorkerPool;

  protected constructor(
    name: string,
    startWorker: (name: string, options: WorkerOptions) => StartWorker,
    options: PoolOptions,
  ) {
    super();
    if (isLoadingInWorker()) {
      throw new NestedExecutorError(
        `a worker was importing a task module when that started a ${name}: move the tasks to a module of their own, which starts nothing when it is imported`,
      );
    }
    this.maxWorkers = positiveInteger(
      'maxWorkers',
      options.maxWorkers ?? availableParallelism(),
    );
    this.tasksPerWorker = positiveInteger(
      'tasksPerWorker',
      options.tasksPerWorker ?? 1,
    );
    const { initializer, initArgs = [], maxTasksPerWorker } = options;
    this.#pool = new WorkerPool({
      name,
      maxWorkers: this.maxWorkers,
      capacity: this.tasksPerWorker,
      maxTasks:
        maxTasksPerWorker === undefined
          ? Infinity
          : positiveInteger('maxTasksPerWorker', maxTasksPerWorker),
      initializer: initializer && {
        task: addressOf(initializer),
        args: initArgs,
      },
      abortGrace:
        timeoutOption('abortGrace', options.abortGrace ?? ABORT_GRACE) ??
        ABORT_GRACE,
      startWorker: startWorker(options.namePrefix ?? name, options),
    });
  }

  shutdown(options?: ShutdownOptions): Promise<void> {
    return this.#pool.shutdown(options);
  }

  /**
   * Ends all workers at once, in the middle of their tasks. What was queued or
   * running fails with ExecutorTerminatedError. Resolves when no worker is left.
   */
  terminateWorkers(): Promise<void> {
    return this.#pool.terminateWorkers();
  }

  protected enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: TaskOptions,
  ): Future<unknown> {
    return this.#pool.submit(addressOf(task), args, options);
  }

  protected assertAccepting(): void {
    this.#pool.assertAccepting();
  }
}
