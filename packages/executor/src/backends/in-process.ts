import { ExecutorShutdownError } from '../core/errors.ts';
import { BaseExecutor, type ShutdownOptions } from '../core/executor.ts';
import { Settler, type Future } from '../core/future.ts';
import { positiveInteger } from '../core/options.ts';
import { JobQueue } from '../pool/queue.ts';

/** A call that runs in this process. */
class Call extends Settler<unknown> {
  run: () => unknown;

  constructor(run: () => unknown) {
    super();
    this.run = run;
  }

  override revoke(): boolean {
    // The queue keeps a cancelled call until it reaches the front.
    this.run = () => undefined;
    return true;
  }
}

/**
 * Runs functions in this event loop, at most maxWorkers at a time: one that
 * returns a promise counts until the promise is settled. As long as there is
 * room, `submit` itself calls the function.
 */
export abstract class InProcessExecutor extends BaseExecutor {
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

  /** Takes any function, also a closure: nothing leaves this process. */
  submit<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>> {
    this.assertAccepting();
    const call = new Call(() => fn(...args));
    this.#queue.push(call);
    this.#startCalls();
    return call.future as Future<Awaited<R>>; // of what fn returns
  }

  shutdown({ cancelFutures = false }: ShutdownOptions = {}): Promise<void> {
    this.#accepting = false;
    if (cancelFutures) {
      for (const call of this.#queue.drain()) call.future.cancel();
    }
    return new Promise((resolve) => {
      this.#whenClosed.push(resolve);
      this.#closeIfDone();
    });
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
    call.start();
    let result: unknown;
    try {
      result = call.run();
    } catch (error) {
      this.#running -= 1;
      call.reject(error);
      return;
    }
    if (isThenable(result)) {
      void this.#finish(call, result);
    } else {
      this.#running -= 1;
      call.resolve(result);
    }
  }

  async #finish(call: Call, result: PromiseLike<unknown>): Promise<void> {
    let settle: () => void;
    try {
      const value = await result;
      settle = () => {
        call.resolve(value);
      };
    } catch (error) {
      settle = () => {
        call.reject(error);
      };
    }
    this.#running -= 1;
    settle();
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
