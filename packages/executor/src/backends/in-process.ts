import { threadId } from 'node:worker_threads';
import { ExecutorShutdownError } from '../core/errors.ts';
import {
  BaseExecutor,
  type MapInputs,
  type ShutdownOptions,
  type Submitter,
  type TaskFunction,
} from '../core/executor.ts';
import type { Future } from '../core/future.ts';
import { Job } from '../core/job.ts';
import type { MapResults } from '../core/map.ts';
import { positiveInteger } from '../core/options.ts';
import { TaskRun } from '../core/task-context.ts';
import type { SubmitOptions, TaskOptions } from '../core/task-options.ts';
import { JobQueue } from '../pool/queue.ts';

/** A call that runs in this process. */
class Call extends Job {
  readonly name: string;
  #fn: (...args: readonly unknown[]) => unknown;
  #args: readonly unknown[];
  #run: TaskRun | undefined;

  constructor(
    fn: TaskFunction,
    args: readonly unknown[],
    options: TaskOptions,
  ) {
    super(options);
    this.name = fn.name;
    this.#fn = fn as (...args: readonly unknown[]) => unknown; // submit checked the types
    this.#args = args;
  }

  /** Calls the function. */
  call(): unknown {
    this.begin();
    this.#run = new TaskRun(this.attempt, threadId, (value) => {
      this.progress(value);
    });
    return this.#run.call(this.#fn, this.#args);
  }

  /** The call threw. Returns whether it is to be made again. */
  threw(error: unknown): boolean {
    return this.fail(error, this.#run?.isAbortion(error));
  }

  override revoke(): boolean {
    // The queue keeps a cancelled call until it reaches the front.
    this.#fn = () => undefined;
    this.#args = [];
    return super.revoke();
  }

  protected stop(reason: unknown): void {
    this.#run?.abort(reason);
  }
}

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
  with(options: SubmitOptions): FunctionSubmitter;
}

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
  readonly #name: string;
  readonly #queue = new JobQueue<Call>();
  #running = 0;
  #accepting = true;
  #whenClosed: (() => void)[] = [];

  protected constructor(name: string, maxWorkers: number) {
    super();
    this.#name = name;
    this.maxWorkers = positiveInteger('maxWorkers', maxWorkers);
  }

  declare submit: FunctionSubmitter['submit'];
  declare map: FunctionSubmitter['map'];
  declare with: FunctionSubmitter['with'];

  shutdown({ cancelFutures = false }: ShutdownOptions = {}): Promise<void> {
    this.#accepting = false;
    if (cancelFutures) {
      for (const call of this.#queue.drain()) {
        // One that is to be made again has started: it cannot be cancelled any more.
        if (!call.future.cancel()) this.#queue.push(call);
      }
    }
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      this.#closeIfDone();
    });
  }

  protected enqueue(
    fn: TaskFunction,
    args: readonly unknown[],
    options: TaskOptions,
  ): Future<unknown> {
    this.assertAccepting();
    const call = new Call(fn, args, options);
    call.watch();
    if (call.future.done) return call.future; // its signal was aborted before
    this.#queue.push(call);
    this.#startCalls();
    return call.future;
  }

  protected assertAccepting(): void {
    if (this.#accepting) return;
    throw new ExecutorShutdownError(
      `${this.#name} accepts no tasks after shutdown(); make a new one`,
    );
  }

  #startCalls(): void {
    while (this.#running < this.maxWorkers) {
      const call = this.#queue.shift();
      if (call === undefined) break;
      this.#start(call);
    }
    this.#closeIfDone();
  }

  #start(call: Call): void {
    this.#running += 1;
    let result: unknown;
    try {
      result = call.call();
    } catch (error) {
      this.#running -= 1;
      if (call.threw(error)) this.#queue.unshift([call]);
      return;
    }
    if (isThenable(result)) {
      void this.#finish(call, result);
    } else {
      this.#running -= 1;
      call.succeed(result);
    }
  }

  async #finish(call: Call, result: PromiseLike<unknown>): Promise<void> {
    try {
      const value = await result;
      this.#running -= 1;
      call.succeed(value);
    } catch (error) {
      this.#running -= 1;
      if (call.threw(error)) this.#queue.unshift([call]);
    }
    this.#startCalls();
  }

  #closeIfDone(): void {
    if (this.#accepting || this.#running > 0) return;
    if (this.#queue.peek() !== undefined) return;
    const whenClosed = this.#whenClosed;
    this.#whenClosed = [];
    for (const resolve of whenClosed) resolve();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
