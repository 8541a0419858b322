import { AbortError, OptionRangeError, OptionTypeError } from './errors.ts';
import type { Future } from './future.ts';
import type { TaskFunction } from './task.ts';
import { wait } from './wait.ts';

/** A call of each function: `[fn, ...args]`. */
export type Calls<F extends readonly TaskFunction[]> = {
  readonly [K in keyof F]: readonly [F[K], ...Parameters<F[K]>];
};

/** The future of a call of each function. */
export type CallFutures<F extends readonly TaskFunction[]> = {
  -readonly [K in keyof F]: Future<Awaited<ReturnType<F[K]>>>;
};

type Submit = (fn: TaskFunction, args: readonly unknown[]) => Future<unknown>;

type AnyCall = readonly [TaskFunction, ...(readonly unknown[])];

/** Submits the calls, and gives their futures when all are done. */
export async function invokeAll(
  submit: Submit,
  calls: readonly AnyCall[],
): Promise<Future<unknown>[]> {
  const futures: Future<unknown>[] = [];
  try {
    for (const [fn, ...args] of checked('invokeAll', calls)) {
      futures.push(submit(fn, args));
    }
  } catch (error) {
    // Nobody gets the futures of the calls before it.
    for (const future of futures) future.ignore().abort(error);
    throw error;
  }
  await wait(futures);
  return futures;
}

/** Submits the calls, gives the first result, and aborts the others. */
export async function invokeAny(
  submit: Submit,
  calls: readonly AnyCall[],
): Promise<unknown> {
  checked('invokeAny', calls);
  if (calls.length === 0) {
    throw new OptionRangeError('invokeAny must have at least one call');
  }
  const futures: Future<unknown>[] = [];
  const abortAll = (reason: unknown): void => {
    for (const future of futures) future.ignore().abort(reason);
  };
  try {
    for (const [fn, ...args] of calls) {
      const future = submit(fn, args);
      futures.push(future);
      // A callback, and not a promise: by then the next call would have started.
      future.addDoneCallback((done) => {
        if (!hasSucceeded(done)) return;
        abortAll(new AbortError('another call of invokeAny has succeeded'));
      });
      if (hasSucceeded(future)) break; // synchronous, in this event loop
    }
  } catch (error) {
    abortAll(error);
    throw error;
  }
  return Promise.any(futures);
}

function hasSucceeded({ state, failed }: Future<unknown>): boolean {
  return state === 'finished' && !failed;
}

/** Returns the calls if each is an array that starts with a function. */
function checked(name: string, calls: readonly AnyCall[]): readonly AnyCall[] {
  const wrong = calls.findIndex(
    (call) => !Array.isArray(call) || typeof call[0] !== 'function',
  );
  if (wrong === -1) return calls;
  throw new OptionTypeError(
    `each call of ${name} must be an array [task, ...args]; number ${String(wrong)} is not`,
  );
}
