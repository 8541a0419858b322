import { availableParallelism } from 'node:os';
import { NestedExecutorError } from '../core/errors.ts';
import { BaseExecutor, type ShutdownOptions } from '../core/executor.ts';
import type { Future } from '../core/future.ts';
import { positiveInteger } from '../core/options.ts';
import { addressOf, isLoadingInWorker, type Task } from '../core/task.ts';
import { WorkerPool } from '../pool/pool.ts';
import type { StartWorker } from '../pool/worker-handle.ts';

export interface PoolOptions {
  /** The largest number of workers. Default: os.availableParallelism(). */
  readonly maxWorkers?: number;
  /**
   * How many tasks one worker runs at once. Default: 1. More than one is for
   * tasks that mostly wait, such as downloads: they share the worker's event loop.
   */
  readonly tasksPerWorker?: number;
}

/** An executor whose tasks run in workers of their own: threads or processes. */
export abstract class PoolExecutor extends BaseExecutor {
  readonly maxWorkers: number;
  readonly tasksPerWorker: number;
  readonly #pool: WorkerPool;

  protected constructor(
    name: string,
    startWorker: StartWorker,
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
    this.#pool = new WorkerPool({
      name,
      maxWorkers: this.maxWorkers,
      tasksPerWorker: this.tasksPerWorker,
      startWorker,
    });
  }

  submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>> {
    // The worker runs the function of this type; the pool itself knows no types.
    return this.#pool.submit(addressOf(task), args) as Future<Awaited<R>>;
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

  protected assertAccepting(): void {
    this.#pool.assertAccepting();
  }
}
