/*
 * The read side (Future) and the write side (Settler) of one task's result.
 *
 *   caller                       executor
 *   ------                       --------
 *   future = executor.submit()   settler = new Settler()
 *   future.cancel()        ----> settler.revoke()      may the task be withdrawn?
 *   future.state           <---- settler.start()       a worker has the task
 *   await future           <---- settler.resolve(value) or settler.reject(error)
 *
 * A Future refers to its settler only until it is settled, so that a result
 * that the caller keeps does not keep the task's arguments.
 */
import { inspect } from 'node:util';
import { Callback } from './callback.ts';
import { CancelledError, InvalidStateError, TimeoutError } from './errors.ts';
import {
  mayBecome,
  nextStates,
  type FutureSnapshot,
  type FutureState,
} from './future-state.ts';
import { timeoutOption } from './options.ts';
import {
  Failure,
  outcomeOf,
  QuietPromise,
  settle,
  waitedFor,
  waitFor,
} from './quiet-promise.ts';
import { markObserved, watchUnobserved } from './unobserved.ts';

export type DoneCallback<T> = (future: Future<T>) => void;

export type ProgressCallback = (progress: unknown) => void;

type Callbacks<T> = (
  Callback<'done', Future<T>> | Callback<'progress', unknown>
)[];

// The access to the private members of Future: assigned in the static block below, and
// not exported, so no one else can create or settle a Future. They are no private methods,
// as each object of a class that has any takes 8 bytes more.
let create: <T>(settler: Settler<T>) => Future<T>;
let enter: <T>(
  future: Future<T>,
  state: FutureState,
  outcome?: unknown,
) => void;
let cancel: <T>(future: Future<T>, reason?: unknown) => boolean;
let giveUp: <T>(future: Future<T>, reason: unknown) => void;
let tellAwaited: <T>(future: Future<T>) => void;
let notify: <T>(future: Future<T>, progress: unknown) => void;
let hasCallbacks: <T>(future: Future<T>) => boolean;

let lastId = 0;

/**
 * The result of a task that may not have run yet. Executors make futures;
 * `submit` returns them. A future can be awaited like a promise.
 */
export class Future<T> extends QuietPromise implements PromiseLike<T> {
  /** Unique in this program; as in the output of util.inspect. */
  readonly id = ++lastId;
  /** Its transitions stand in future-state.ts. */
  #state: FutureState = 'pending';
  #settler: Settler<T> | undefined;
  #callbacks: Callbacks<T> | undefined;
  /** Whether somebody hears of the outcome, or wants to hear of none. */
  #isHeard = false;

  private constructor(settler: Settler<T>) {
    super();
    this.#settler = settler;
  }

  static {
    // Deleted, so that the one of QuietPromise is asked for.
    Reflect.deleteProperty(this.prototype, 'constructor');
    create = (settler) => new Future(settler);
    enter = (future, state, outcome) => {
      if (!mayBecome(future.#state, state)) {
        throw new InvalidStateError(
          `${String(future)} cannot become ${state}: allowed from ${future.#state} is ${nextStates(future.#state).join(', ') || 'nothing'}`,
        );
      }
      future.#state = state;
      if (state === 'running') return;
      future.#settler = undefined;
      const callbacks = future.#callbacks;
      future.#callbacks = undefined;
      const isHeard =
        future.#isHeard || callbacks?.some(({ kind }) => kind === 'done');
      settle(future, outcome);
      if (state === 'finished' && outcome instanceof Failure && !isHeard) {
        watchUnobserved(future, outcome.error);
      }
      callbacks?.forEach((callback) => {
        if (callback.kind === 'done') callBack(future, callback, future);
      });
    };
    cancel = (future, reason) => {
      if (
        future.#state === 'pending' &&
        future.#settler?.revoke(reason) === true
      ) {
        giveUp(future, reason);
      }
      return future.#state === 'cancelled';
    };
    giveUp = (future, reason) => {
      const settler = future.#settler;
      const error = new CancelledError(
        `future #${String(future.id)} was cancelled`,
        reason === undefined ? undefined : { cause: reason },
      );
      enter(future, 'cancelled', new Failure(error));
      settler?.revoked?.();
    };
    tellAwaited = (future) => {
      future.#settler?.awaited?.();
    };
    hasCallbacks = (future) => future.#callbacks !== undefined;
    notify = (future, progress) => {
      future.#callbacks?.forEach((callback) => {
        if (callback.kind === 'progress') callBack(future, callback, progress);
      });
    };
  }

  get state(): FutureState {
    return this.#state;
  }

  /** True once the future is cancelled or finished: it will not change any more. */
  get done(): boolean {
    return this.#state === 'finished' || this.#state === 'cancelled';
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  get cancelled(): boolean {
    return this.#state === 'cancelled';
  }

  /** True if the task threw. */
  get failed(): boolean {
    observe(this);
    return this.#state === 'finished' && outcomeOf(this) instanceof Failure;
  }

  /** The state and the outcome at this moment, without waiting. */
  snapshot(): FutureSnapshot<T> {
    observe(this);
    const state = this.#state;
    if (state === 'pending' || state === 'running') {
      return { state, done: false, cancelled: false, failed: false };
    }
    if (state === 'cancelled') {
      return { state, done: true, cancelled: true, failed: false };
    }
    const finished = { state, done: true, cancelled: false } as const;
    const outcome = outcomeOf(this);
    return outcome instanceof Failure
      ? { ...finished, failed: true, exception: outcome.error }
      : { ...finished, failed: false, result: outcome as T }; // what the task returned
  }

  /**
   * Says that it does not matter if the task fails. Without this, a failed future
   * that nobody has looked at (awaited, asked for its result or exception, given a
   * done callback) becomes a FutureUnobservedWarning when it is garbage collected.
   *
   * @returns this future
   */
  ignore(): this {
    this.#isHeard = true;
    observe(this);
    return this;
  }

  /**
   * Withdraws the task if it has not started. True means that it has not run
   * and never will; false, that it is running or finished. Where workers are on
   * other machines, false can also mean that this is not known yet: the future
   * then becomes cancelled if the task is withdrawn in time.
   */
  cancel(): boolean {
    return cancel(this);
  }

  /**
   * Ends the task, whether it has started or not. One that has not started is
   * cancelled. For one that runs, the signal of its taskContext() is aborted; if
   * it does not end by that, its worker is terminated and replaced. The future is
   * running until the task has ended, and then fails with an AbortError, or with
   * whatever else the task made of it.
   *
   * A task in this event loop (AsyncExecutor, SerialExecutor) cannot be ended
   * against its will.
   *
   * @param reason becomes `signal.reason` in the task, and the `cause` of the error
   */
  abort(reason?: unknown): void {
    if (!cancel(this, reason)) this.#settler?.abort?.(reason);
  }

  /**
   * Waits for what the task returns.
   *
   * @param options.timeout milliseconds; default: no limit; 0 asks without waiting
   * @throws what the task throws
   * @throws CancelledError if the future is cancelled
   * @throws TimeoutError if it is not done in time; the task goes on
   */
  async result(options: { readonly timeout?: number } = {}): Promise<T> {
    await settled(this, options.timeout);
    return this.then();
  }

  /**
   * Waits for what the task throws; undefined if it returns.
   *
   * @param options.timeout as for `result`
   * @throws CancelledError if the future is cancelled
   * @throws TimeoutError if it is not done in time; the task goes on
   */
  async exception(
    options: { readonly timeout?: number } = {},
  ): Promise<unknown> {
    await settled(this, options.timeout);
    observe(this);
    const outcome = outcomeOf(this);
    if (!(outcome instanceof Failure)) return undefined;
    if (this.#state === 'cancelled') throw outcome.error;
    return outcome.error;
  }

  /**
   * Calls back once, with this future, when it is done; at once if it is done
   * already. Callbacks run in the order they were added, each in the async
   * context (AsyncLocalStorage) of whoever added it. What one throws becomes a
   * warning (process.emitWarning); the others still run.
   */
  addDoneCallback(callback: DoneCallback<T>): void {
    const added = new Callback('done', callback);
    if (this.done) {
      observe(this);
      callBack(this, added, this);
    } else if (this.#callbacks === undefined) {
      this.#callbacks = [added];
    } else {
      this.#callbacks.push(added);
    }
  }

  /**
   * Calls back with each value that the task gives to `taskContext().report`
   * from now on, in order, in the async context of whoever added the callback.
   * What a callback throws becomes a warning.
   */
  addProgressCallback(callback: ProgressCallback): void {
    if (this.done) return;
    const added = new Callback('progress', callback);
    if (this.#callbacks === undefined) this.#callbacks = [added];
    else this.#callbacks.push(added);
  }

  /** Takes a callback back. Does nothing if it was not added or has run. */
  removeDoneCallback(callback: DoneCallback<T>): void {
    const index =
      this.#callbacks?.findIndex(
        ({ kind, fn }) => kind === 'done' && fn === callback,
      ) ?? -1;
    if (index !== -1) this.#callbacks?.splice(index, 1);
  }

  then<R1 = T, R2 = never>(
    onfulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onrejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    // With both, as `await` gives them: then(callback) may be no wait at all.
    if (onfulfilled && onrejected) this.#settler?.awaited?.();
    // What the callbacks return.
    return waitFor(this, onfulfilled, onrejected) as Promise<R1 | R2>;
  }

  /** Asked by the language (quiet-promise.ts), and by util.inspect before it shows the future. */
  [waitedFor](): boolean {
    this.#isHeard = true;
    observe(this);
    // An owner that wants to know who waits hears of it from then().
    return this.#settler?.awaited === undefined;
  }

  override toString(): string {
    let description = `<Future #${String(this.id)} state=${this.#state}`;
    if (this.#state === 'finished') {
      const outcome = outcomeOf(this);
      description +=
        outcome instanceof Failure
          ? ` raised ${typeName(outcome.error)}`
          : ` returned ${typeName(outcome)}`;
    }
    return `${description}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Somebody looks at the outcome. */
function observe<T>(future: Future<T>): void {
  if (outcomeOf(future) instanceof Failure) markObserved(future);
}

function callBack<T, A>(
  future: Future<T>,
  callback: Callback<string, A>,
  argument: A,
): void {
  try {
    callback.call(argument);
  } catch (error) {
    process.emitWarning(
      `exception calling callback for ${String(future)}: ${inspect(error)}`,
      'FutureCallbackWarning',
    );
  }
}

/** Resolves when the future is done; rejects with TimeoutError after `timeout` ms. */
function settled<T>(future: Future<T>, timeout?: number): Promise<void> {
  const limit = timeoutOption('timeout', timeout);
  if (future.done) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const late = (): void => {
      future.removeDoneCallback(done);
      reject(
        new TimeoutError(
          `${String(future)} was not done within ${String(limit)} ms`,
        ),
      );
    };
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (limit === undefined) tellAwaited(future);
    if (limit === 0) {
      late();
      return;
    }
    const timer = limit === undefined ? undefined : setTimeout(late, limit);
    future.addDoneCallback(done);
  });
}

/**
 * The write side of a future. One executor owns it, and settles the future
 * exactly once. Executors extend it with what they must know of the task.
 */
export class Settler<T> {
  readonly future: Future<T> = create(this);

  /**
   * Asked when the caller cancels a pending future. True gives the task up:
   * from then on the owner must not run it. An owner that cannot tell at once
   * answers false, and calls cancelled() when it has withdrawn the task.
   */
  revoke(reason?: unknown): boolean;
  revoke(): boolean {
    return true;
  }

  /** The task was withdrawn, some time after revoke() was asked. */
  cancelled(reason: unknown): void {
    giveUp(this.future, reason);
  }

  /** Told when the future was cancelled: the task was given up. */
  revoked?(): void;

  /** Asked when the caller aborts a running future: has the task end. An owner may have no way to. */
  abort?(reason: unknown): void;

  /** Told when the caller waits for the future without a limit, which is not done. */
  awaited?(): void;

  /** A worker has the task: it can no longer be cancelled. */
  start(): void {
    enter(this.future, 'running');
  }

  /** Whether to settle the future calls somebody at once; who awaits it goes on later. */
  protected get hasCallbacks(): boolean {
    return hasCallbacks(this.future);
  }

  resolve(value: T): void {
    enter(this.future, 'finished', value);
  }

  reject(error: unknown): void {
    enter(this.future, 'finished', new Failure(error));
  }

  /** The task has reported how far it is. */
  progress(value: unknown): void {
    notify(this.future, value);
  }
}

/** Tells the owner that the caller waits for the future without a limit. */
export function markAwaited<T>(future: Future<T>): void {
  tellAwaited(future);
}

/** The type of a value for display: `boolean`, `null`, `Map`, `TypeError`. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  // An error of an unknown class keeps its name when it comes from a worker.
  if (value instanceof Error) return value.name;
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== ''
    ? constructor.name
    : 'object';
}
