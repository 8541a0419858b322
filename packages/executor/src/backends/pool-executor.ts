import { availableParallelism } from 'node:os';
import type { ResourceLimits } from 'node:worker_threads';
import { BaseExecutor, type ExecutorOptions } from '../core/base-executor.ts';
import type { CallKind } from '../core/call-kind.ts';
import {
  NestedExecutorError,
  OptionRangeError,
  TaskNotSerializableError,
  messageOf,
} from '../core/errors.ts';
import type { Future } from '../core/future.ts';
import type { Job } from '../core/job.ts';
import {
  nonNegativeInteger,
  oneOf,
  positiveInteger,
  timeoutOption,
} from '../core/options.ts';
import type { Stats } from '../core/tally.ts';
import {
  addressOf,
  isLoadingInWorker,
  type TaskFunction,
  type TaskMarker,
} from '../core/task.ts';
import type { JobOptions } from '../core/task-options.ts';
import { WorkerPool, type OnWorkerCrash } from '../pool/pool.ts';
import { noPrefetch, type Prefetch } from '../pool/slot-owner.ts';
import type { StartWorker } from '../pool/worker-handle.ts';
import { CLOSE_GRACE } from '../pool/worker-life.ts';
import type { StartMessage } from '../wire/protocol.ts';
import { encodeValue, type EncodedValue } from '../wire/value-codec.ts';

/** How a worker is started. */
export interface WorkerOptions {
  /** Names the workers: `download_0`, `download_1`. Default: the class name. */
  readonly namePrefix?: string;
  /** The environment of the workers. Default: that of this program. */
  readonly env?: NodeJS.ProcessEnv;
  /** Options for Node.js in the workers. Default: those of this program, but for its script (`-e`). */
  readonly execArgv?: readonly string[];
  /** Limits of a worker's memory, in megabytes. Default: those of Node.js. */
  readonly resourceLimits?: ResourceLimits;
}

export interface PoolOptions extends ExecutorOptions, WorkerOptions {
  /** The largest number of workers. Default: os.availableParallelism(). */
  readonly maxWorkers?: number;
  /**
   * The number of workers that are started with the executor and stay when they
   * are idle. Default: 0, workers are started when there are tasks for them.
   */
  readonly minWorkers?: number;
  /**
   * Milliseconds after which an idle worker ends, if there are more than
   * minWorkers. Default: never.
   */
  readonly idleTimeout?: number;
  /**
   * How many tasks one worker runs at once. Default: 1. More than one is for
   * tasks that mostly wait, such as downloads: they share the worker's event loop.
   */
  readonly tasksPerWorker?: number;
  /** After so many tasks a worker is replaced by a new one. Default: never. */
  readonly maxTasksPerWorker?: number;
  /**
   * Megabytes: a worker that uses more at the end of a task is replaced by a new
   * one. Counted are the heap and buffers of a thread, the resident memory of a
   * process. Default: no limit. `resourceLimits` ends a worker in the middle of a
   * task.
   */
  readonly maxWorkerMemory?: number;
  /** A task that each worker runs before its first one. If it throws, the executor is broken. */
  readonly initializer?: ((...args: readonly never[]) => unknown) & TaskMarker;
  /** The arguments of the initializer. */
  readonly initArgs?: readonly unknown[];
  /**
   * Milliseconds that an aborted task has to end by its signal, before its worker
   * is terminated. Default: 1000.
   */
  readonly abortGrace?: number;
  /**
   * What a worker's crash means. `'replace'` (default): the task that it ran fails,
   * and a new worker takes its place. `'break'`: the executor is broken, and all
   * its tasks fail.
   */
  readonly onWorkerCrash?: OnWorkerCrash;
}

const ABORT_GRACE = 1_000;
const MEGABYTE = 2 ** 20;

/** What is different between threads and processes. */
export interface WorkerKind {
  /** @param capacity how many tasks the worker runs at once */
  readonly startWorkers: (
    namePrefix: string,
    options: WorkerOptions,
    capacity: number,
  ) => StartWorker;
  readonly prefetch: Prefetch;
  /** Whether workers share memory with this program. */
  readonly sharesMemory: boolean;
}

/** An executor whose tasks run in workers of their own: threads or processes. */
export abstract class PoolExecutor extends BaseExecutor {
  readonly maxWorkers: number;
  readonly tasksPerWorker: number;
  protected readonly endGrace: number;
  readonly #pool: WorkerPool;

  protected constructor(name: string, kind: WorkerKind, options: PoolOptions) {
    if (isLoadingInWorker()) {
      throw new NestedExecutorError(
        `a worker was importing a task module when that started a ${name}: move the tasks to a module of their own, which starts nothing when it is imported`,
      );
    }
    super(name, options, true, options.namePrefix);
    const { maxMemory, ...settings } = checkOptions(options);
    const { maxWorkers, capacity, abortGrace } = settings;
    this.maxWorkers = maxWorkers;
    this.tasksPerWorker = capacity;
    // An aborted task has abortGrace; its worker has CLOSE_GRACE to end, and once more to be killed.
    this.endGrace = abortGrace + 2 * CLOSE_GRACE;
    const initializer = options.initializer && addressOf(options.initializer);
    const start = (): StartMessage => ({
      type: 'start',
      initializer,
      body: encodeInitArgs(options.initArgs, kind.sharesMemory),
      capacity,
      maxMemory,
    });
    start(); // throws now, not when the first worker is started
    this.#pool = new WorkerPool(
      {
        ...settings,
        name,
        executor: this.tally.executor,
        start,
        maxQueue: this.maxQueue,
        startWorker: kind.startWorkers(
          options.namePrefix ?? name,
          options,
          capacity,
        ),
        sharesMemory: kind.sharesMemory,
        // Where the queue is limited, all that wait are to be in it.
        prefetch:
          capacity === 1 && this.maxQueue === Infinity
            ? kind.prefetch
            : noPrefetch,
      },
      this.tally,
      () => {
        this.roomChanged();
      },
    );
    this.heedSignal();
  }

  /**
   * Ends all workers at once, in the middle of their tasks: processes by SIGTERM,
   * and those that withstand it five seconds later by SIGKILL. What was queued or
   * running fails with ExecutorTerminatedError. Resolves when no worker is left.
   */
  async terminateWorkers(): Promise<void> {
    await this.#pool.end('terminateWorkers()');
    this.forgetSignal();
  }

  /** The same by SIGKILL. Threads have no signals; for them it is the same. */
  async killWorkers(): Promise<void> {
    await this.#pool.end('killWorkers()');
    this.forgetSignal();
  }

  protected assertTask(candidate: unknown): void {
    addressOf(candidate);
  }

  protected accept(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown> {
    return this.#pool.submit(task, kind, args, options);
  }

  protected refusal(): Error | undefined {
    return this.#pool.refusal();
  }

  protected room(): number {
    return this.#pool.room;
  }

  protected liveJobs(): readonly Job[] {
    return this.#pool.jobs;
  }

  protected workers(): Pick<Stats, 'workers' | 'busyWorkers'> {
    return this.#pool.workers;
  }

  protected killedWorkers(): readonly string[] {
    return this.#pool.killed;
  }

  protected holdBack(action: () => void): void {
    this.#pool.holdBack(action);
  }

  protected close(): Promise<void> {
    return this.#pool.close();
  }
}

/**
 * @param shared whether workers share memory with this program
 * @throws TaskNotSerializableError
 */
function encodeInitArgs(
  initArgs: readonly unknown[] | undefined,
  shared: boolean,
): EncodedValue {
  // To encode nothing would take a part of a millisecond when the first worker is started.
  if (initArgs === undefined) return { bytes: new Uint8Array() };
  try {
    return encodeValue(initArgs, { shared });
  } catch (cause) {
    throw new TaskNotSerializableError(
      `initArgs cannot be sent to a worker: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** @throws OptionTypeError, OptionRangeError */
function checkOptions(options: PoolOptions) {
  const maxWorkers = positiveInteger(
    'maxWorkers',
    options.maxWorkers ?? availableParallelism(),
  );
  const minWorkers = nonNegativeInteger('minWorkers', options.minWorkers ?? 0);
  if (minWorkers > maxWorkers) {
    throw new OptionRangeError(
      `minWorkers must be at most maxWorkers, ${String(maxWorkers)}, got ${String(minWorkers)}`,
    );
  }
  const { maxTasksPerWorker, maxWorkerMemory } = options;
  return {
    maxWorkers,
    minWorkers,
    capacity: positiveInteger('tasksPerWorker', options.tasksPerWorker ?? 1),
    maxTasks:
      maxTasksPerWorker === undefined
        ? Infinity
        : positiveInteger('maxTasksPerWorker', maxTasksPerWorker),
    maxMemory:
      maxWorkerMemory === undefined
        ? Infinity
        : positiveInteger('maxWorkerMemory', maxWorkerMemory) * MEGABYTE,
    idleTimeout: timeoutOption('idleTimeout', options.idleTimeout),
    abortGrace:
      timeoutOption('abortGrace', options.abortGrace ?? ABORT_GRACE) ??
      ABORT_GRACE,
    onWorkerCrash: oneOf('onWorkerCrash', options.onWorkerCrash ?? 'replace', [
      'replace',
      'break',
    ]),
  };
}
