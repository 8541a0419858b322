import type { CallKind } from './call-kind.ts';
import { Call } from './call.ts';
import { OptionTypeError, QueueFullError, TimeoutError } from './errors.ts';
import type { Executor } from './executor.ts';
import type { Future } from './future.ts';
import type { Job } from './job.ts';
import { nonNegativeInteger, oneOf, timeoutOption } from './options.ts';
import { Room } from './room.ts';
import {
  Shutdown,
  type ShutdownOptions,
  type ShutdownReport,
} from './shutdown.ts';
import { SubmitterWithOptions } from './submitter.ts';
import { Tally, type Stats } from './tally.ts';
import type { TaskFunction } from './task.ts';
import { noOptions, type JobOptions } from './task-options.ts';

/** What becomes of a task that is submitted while the queue is full. */
export type OnFull = 'reject' | 'wait' | 'callerRuns';

/** The options that all executors have. */
export interface ExecutorOptions {
  /**
   * How many tasks may wait for a worker. Default: no limit. `map` submits no
   * more than that, whatever `onFull` is.
   */
  readonly maxQueue?: number;
  /**
   * What `submit` does when `maxQueue` tasks wait.
   *
   * - `'reject'` (default): it throws QueueFullError.
   * - `'wait'`: the task waits outside of the queue, and enters it in the order
   *   of submission. Await `ready()` before `submit` to bound how many do.
   * - `'callerRuns'`: the task runs in this event loop; one with a `key` waits.
   */
  readonly onFull?: OnFull;
  /**
   * When it is aborted, what has not started is cancelled, what runs is aborted,
   * and the executor is shut down.
   */
  readonly signal?: AbortSignal;
  /**
   * Whether `stats()` has how long tasks waited and took. Default: false; it takes some
   * tenths of a microsecond for each task.
   */
  readonly measureLatency?: boolean;
}

let lastId = 0;

/** What all executors do alike. */
export abstract class BaseExecutor
  extends SubmitterWithOptions
  implements Executor
{
  abstract readonly maxWorkers: number;
  protected readonly tally: Tally;
  protected readonly maxQueue: number;
  readonly #name: string;
  readonly #onFull: OnFull;
  readonly #signal: AbortSignal | undefined;
  readonly #shutdown = new Shutdown();
  /** Of onFull: 'callerRuns'. */
  readonly #callsHere = new Set<Call>();
  readonly #room = new Room(
    () => this.room(),
    () => this.refusal() !== undefined,
  );

  /**
   * @param name the class, for messages
   * @param sendsChunks whether several calls can be sent to a worker as one task
   * @param label its name in events
   */
  protected constructor(
    name: string,
    options: ExecutorOptions,
    sendsChunks: boolean,
    label = name,
  ) {
    super(
      {
        // Not (...call): an array would be made for each task.
        enqueue: (task, args, options, kind) =>
          this.#enqueue(task, args, options, kind),
        assertAccepting: () => {
          this.#assertAccepting();
        },
        hasRoom: () => this.maxQueue === Infinity || this.#room.free > 0,
        // A map asks hasRoom() again before it submits.
        ready: () => this.#awaitRoom(false),
        sendsChunks,
      },
      noOptions,
    );
    const { maxQueue, onFull = 'reject', signal } = options;
    this.#name = name;
    this.maxQueue =
      maxQueue === undefined || maxQueue === Infinity
        ? Infinity
        : nonNegativeInteger('maxQueue', maxQueue);
    this.#onFull = oneOf('onFull', onFull, ['reject', 'wait', 'callerRuns']);
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new OptionTypeError('signal must be an AbortSignal');
    }
    this.#signal = signal;
    const id = ++lastId;
    this.tally = new Tally(
      () => ({ id, kind: name, name: label, maxWorkers: this.maxWorkers }),
      options.measureLatency,
    );
  }

  /** To be called at the end of the constructor: from now on this can be shut down. */
  protected heedSignal(): void {
    this.#signal?.addEventListener('abort', this.#signalled);
    if (this.#signal?.aborted === true) this.#signalled();
  }

  protected forgetSignal(): void {
    this.#signal?.removeEventListener('abort', this.#signalled);
  }

  stats(): Stats {
    const { submitted, pending, running, finished, failed, cancelled } =
      this.tally;
    const { workers, busyWorkers } = this.workers();
    return {
      submitted,
      pending,
      running,
      finished,
      failed,
      cancelled,
      workers,
      busyWorkers,
      waiting: this.tally.waiting?.summary(),
      latency: this.tally.latency?.summary(),
    };
  }

  async ready(): Promise<void> {
    this.#assertAccepting();
    if (this.maxQueue === Infinity) return;
    await this.#awaitRoom(true);
  }

  async shutdown(options: ShutdownOptions = {}): Promise<ShutdownReport> {
    const { cancelFutures = false } = options;
    const timeout = timeoutOption('timeout', options.timeout);
    const closed = this.#close();
    if (cancelFutures) {
      this.holdBack(() => {
        this.#shutdown.cancel(this.#liveJobs());
      });
    }
    this.roomChanged();
    const unfinished = await (timeout === undefined
      ? closed.then(() => 0)
      : this.#closedInTime(closed, timeout));
    this.forgetSignal();
    return this.#shutdown.report(this.killedWorkers(), unfinished);
  }

  /** Waits for all tasks, as `shutdown()` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** @throws TaskInvalidError if this is nothing that the executor can run */
  protected abstract assertTask(candidate: unknown): void;

  /**
   * Takes a task. There is room for it, or it waits.
   *
   * @throws TaskInvalidError as assertTask
   */
  protected abstract accept(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown>;

  /** Why no task is accepted any more; undefined as long as they are. */
  protected abstract refusal(): Error | undefined;

  /** How many more tasks can be accepted within `maxQueue`. */
  protected abstract room(): number;

  /** All jobs that are not done. */
  protected abstract liveJobs(): readonly Job[];

  protected abstract workers(): Pick<Stats, 'workers' | 'busyWorkers'>;

  /**
   * Calls the function, and starts no job before it returns: what it ends makes
   * room for others that it is about to end.
   */
  protected abstract holdBack(action: () => void): void;

  /** Accepts no more; resolves when all jobs are done and all workers have ended. */
  protected abstract close(): Promise<void>;

  /** The workers that were ended by force after close(). */
  protected abstract killedWorkers(): readonly string[];

  /** How long all aborted tasks and their workers may take to end, in milliseconds. */
  protected abstract readonly endGrace: number;

  /** To be called when room() may have grown, or no task is accepted any more. */
  protected roomChanged(): void {
    this.#room.changed();
  }

  /** @param keepsPlace whether the place is kept for the caller */
  async #awaitRoom(keepsPlace: boolean): Promise<void> {
    await this.#room.wait(keepsPlace);
    this.#assertAccepting();
  }

  #assertAccepting(): void {
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
  }

  #enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown> {
    this.#assertAccepting();
    this.#room.take();
    if (
      this.#onFull === 'wait' ||
      this.maxQueue === Infinity ||
      this.room() > 0
    ) {
      return this.accept(task, args, options, kind);
    }
    if (this.#onFull === 'callerRuns') {
      // Here it would run beside others with its key.
      return options.key === undefined
        ? this.#runHere(task, args, options)
        : this.accept(task, args, options, kind);
    }
    throw new QueueFullError(
      `${this.#name} has its maxQueue of ${String(this.maxQueue)} tasks waiting: await ready() before submit, or choose another onFull`,
    );
  }

  #runHere(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
  ): Future<unknown> {
    this.assertTask(task); // what is no task anywhere else is none here
    const call = new Call(task, args, options, this.tally);
    call.watch();
    if (call.future.done) return call.future; // its signal was aborted before
    this.#callsHere.add(call);
    call.future.addDoneCallback(() => this.#callsHere.delete(call));
    const run = (): void => {
      if (call.future.done) return; // aborted after it had failed
      call.run(
        () => undefined,
        () => {
          queueMicrotask(run); // many retries are no deep recursion
        },
      );
    };
    run();
    return call.future;
  }

  #liveJobs(): readonly Job[] {
    return [...this.liveJobs(), ...this.#callsHere];
  }

  async #close(): Promise<void> {
    const calls = [...this.#callsHere].map(
      ({ future }) =>
        new Promise<void>((resolve) => {
          future.addDoneCallback(() => {
            resolve();
          });
        }),
    );
    await Promise.all([this.close(), ...calls]);
  }

  #abortAll(reason: unknown): void {
    this.holdBack(() => {
      this.#shutdown.abort(this.#liveJobs(), reason);
    });
  }

  async #closedInTime(closed: Promise<void>, timeout: number): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<number>((resolve) => {
      timer = setTimeout(() => {
        const reason = new TimeoutError(
          `${this.#name} was not shut down within ${String(timeout)} ms`,
        );
        this.#abortAll(reason);
        timer = setTimeout(() => {
          resolve(this.#liveJobs().length);
        }, this.endGrace);
      }, timeout);
    });
    try {
      return await Promise.race([closed.then(() => 0), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  readonly #signalled = (): void => {
    const reason: unknown = this.#signal?.reason;
    // First, so that no job that ends lets another one start.
    const closed = this.#close();
    this.#abortAll(reason);
    this.roomChanged();
    void closed.then(() => {
      this.forgetSignal();
    });
  };
}
