import { BaseExecutor, type ExecutorOptions } from '../core/base-executor.ts';
import { Call } from '../core/call.ts';
import {
  TaskInvalidError,
  type ExecutorShutdownError,
} from '../core/errors.ts';
import type { FunctionSubmitter } from '../core/executor.ts';
import type { Future } from '../core/future.ts';
import { positiveInteger } from '../core/options.ts';
import { shutdownError } from '../core/shutdown.ts';
import type { Stats } from '../core/tally.ts';
import type { TaskFunction } from '../core/task.ts';
import type { JobOptions } from '../core/task-options.ts';
import { WaitingTasks } from '../core/waiting-tasks.ts';
import { JobQueue } from '../pool/queue.ts';

/** How long aborted tasks may take to end in a shutdown with a time-out, in milliseconds. */
const END_GRACE = 1_000;

/**
 * Runs functions in this event loop, at most maxWorkers at a time: one that
 * returns a promise counts until the promise is settled. As long as there is
 * room, `submit` itself calls the function.
 */
export abstract class InProcessExecutor
  extends BaseExecutor
  implements FunctionSubmitter
{
  readonly maxWorkers: number;
  protected readonly endGrace = END_GRACE;
  readonly #name: string;
  readonly #queue: JobQueue<Call>;
  readonly #running = new Set<Call>();
  readonly #places: WaitingTasks;
  #accepting = true;
  /** True while a loop below starts calls, or none may be started. */
  #isStarting = false;
  #whenClosed: (() => void)[] = [];

  protected constructor(
    name: string,
    maxWorkers: number,
    options: ExecutorOptions,
  ) {
    super(name, options, false);
    this.#name = name;
    this.maxWorkers = positiveInteger('maxWorkers', maxWorkers);
    this.#places = new WaitingTasks(name, this.maxWorkers);
    this.#queue = new JobQueue(this.maxQueue, () => {
      // A synchronous call that ends in the loop below needs no second loop.
      if (!this.#isStarting) this.#startCalls();
    });
    this.heedSignal();
  }

  declare submit: FunctionSubmitter['submit'];
  declare map: FunctionSubmitter['map'];
  declare invokeAll: FunctionSubmitter['invokeAll'];
  declare invokeAny: FunctionSubmitter['invokeAny'];
  declare stream: FunctionSubmitter['stream'];
  declare with: FunctionSubmitter['with'];

  protected assertTask(candidate: unknown): void {
    if (typeof candidate === 'function') return;
    throw new TaskInvalidError(
      `expected a function, got ${typeof candidate}: pass the function and its arguments, as in submit(fn, ...args)`,
    );
  }

  protected accept(
    fn: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
  ): Future<unknown> {
    this.assertTask(fn);
    const call = new Call(fn, args, options, this.tally, this.#places);
    call.watch();
    if (call.future.done) return call.future; // its signal was aborted before
    this.#queue.push(call);
    this.#startCalls();
    return call.future;
  }

  protected refusal(): ExecutorShutdownError | undefined {
    return this.#accepting
      ? undefined
      : shutdownError(this.#name, 'shutdown()');
  }

  protected room(): number {
    const free = this.maxWorkers - this.#running.size;
    return Math.max(this.maxQueue + free - this.#queue.size, 0);
  }

  protected liveJobs(): readonly Call[] {
    return [...this.#queue.jobs(), ...this.#running];
  }

  protected workers(): Pick<Stats, 'workers' | 'busyWorkers'> {
    return { workers: 0, busyWorkers: 0 };
  }

  protected killedWorkers(): readonly string[] {
    return [];
  }

  protected close(): Promise<void> {
    this.#accepting = false;
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      this.#closeIfDone();
    });
  }

  protected holdBack(action: () => void): void {
    const before = this.#isStarting;
    this.#isStarting = true;
    action();
    this.#isStarting = before;
    if (!before) this.#startCalls();
  }

  #startCalls(): void {
    while (this.#running.size < this.maxWorkers) {
      const call = this.#queue.shift();
      if (call === undefined) break;
      this.#start(call);
    }
    this.roomChanged();
    this.#closeIfDone();
  }

  #start(call: Call): void {
    const before = this.#isStarting;
    this.#isStarting = true;
    this.#running.add(call);
    call.run(
      () => this.#running.delete(call),
      () => {
        this.#queue.unshift([call]);
        if (!this.#isStarting) this.#startCalls();
      },
    );
    this.#isStarting = before;
  }

  #closeIfDone(): void {
    if (this.#accepting || this.#running.size > 0) return;
    if (this.#queue.size > 0) return;
    const whenClosed = this.#whenClosed;
    this.#whenClosed = [];
    for (const resolve of whenClosed) resolve();
  }
}
