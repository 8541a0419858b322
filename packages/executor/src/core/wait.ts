import { OptionTypeError, TimeoutError } from './errors.ts';
import { Feed } from './feed.ts';
import { Fifo } from './fifo.ts';
import { markAwaited, type Future } from './future.ts';
import { positiveInteger, timeoutOption } from './options.ts';

/** When `wait` returns. A cancelled future counts as completed, not as failed. */
export type ReturnWhen =
  'ALL_COMPLETED' | 'FIRST_COMPLETED' | 'FIRST_EXCEPTION';

export interface WaitOptions {
  /** Milliseconds until it returns in any case. Default: no limit. */
  readonly timeout?: number;
  /** Default: `'ALL_COMPLETED'`. */
  readonly returnWhen?: ReturnWhen;
}

export interface WaitResult<T> {
  readonly done: ReadonlySet<Future<T>>;
  readonly notDone: ReadonlySet<Future<T>>;
}

const returnWhenValues: readonly string[] = [
  'ALL_COMPLETED',
  'FIRST_COMPLETED',
  'FIRST_EXCEPTION',
] satisfies ReturnWhen[];

/**
 * Waits for the futures, which may belong to different executors. It never
 * throws what a task throws, and a time-out is no error either: what was not
 * done by then is in `notDone`.
 */
export async function wait<T>(
  futures: Iterable<Future<T>>,
  options: WaitOptions = {},
): Promise<WaitResult<T>> {
  const timeout = timeoutOption('timeout', options.timeout);
  const returnWhen = options.returnWhen ?? 'ALL_COMPLETED';
  if (!returnWhenValues.includes(returnWhen)) {
    throw new OptionTypeError(
      `returnWhen must be one of ${returnWhenValues.join(', ')}, got ${JSON.stringify(returnWhen)}`,
    );
  }
  const all = new Set(futures);
  let unfinished = 0;
  await new Promise<void>((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      for (const future of all) future.removeDoneCallback(completed);
      resolve();
    };
    const ends = (future: Future<T>): boolean =>
      returnWhen === 'FIRST_COMPLETED' ||
      (returnWhen === 'FIRST_EXCEPTION' && future.failed);
    const completed = (future: Future<T>): void => {
      unfinished -= 1;
      if (unfinished === 0 || ends(future)) stop();
    };
    // A snapshot, since whoever waits for a future has looked at it, also at one that is done.
    const done = [...all].filter((future) => future.snapshot().done);
    unfinished = all.size - done.length;
    if (unfinished === 0 || timeout === 0 || done.some(ends)) {
      resolve();
      return;
    }
    if (timeout !== undefined) timer = setTimeout(stop, timeout);
    for (const future of all) {
      if (future.done) continue;
      future.addDoneCallback(completed);
      // Else it may go on without this one.
      if (timeout === undefined && returnWhen === 'ALL_COMPLETED') {
        markAwaited(future);
      }
    }
  });
  const done = new Set<Future<T>>();
  const notDone = new Set<Future<T>>();
  for (const future of all) (future.done ? done : notDone).add(future);
  return { done, notDone };
}

export interface AsCompletedOptions {
  /** Milliseconds from this call until the iterator throws TimeoutError. Default: no limit. */
  readonly timeout?: number;
  /**
   * How many futures are taken from the source ahead of the consumer. Default:
   * all. With a generator that submits, it is how many tasks are in flight, in
   * memory that does not grow with the number of tasks.
   */
  readonly bufferSize?: number;
}

/**
 * A future as asCompleted yields it: the very object that submit returned, in a
 * type without `then`. TypeScript takes whatever `for await` yields for
 * awaited, so with `then` the type of the loop variable would be that of the
 * result, while the loop in fact gets the future. Call `result()`.
 */
export type CompletedFuture<T> = Omit<Future<T>, 'then'>;

/**
 * Yields each future when it is done, in the order of completion: those that
 * are done already come first, and a future that is given twice comes once.
 * They may belong to different executors.
 *
 * @param futures with `bufferSize`, they are taken as they are needed. An async
 *   iterable is not accepted: an async generator awaits the futures that it
 *   yields, and so would give their results.
 * @throws TimeoutError from `next()`: `2 (of 4) futures unfinished`
 */
export function asCompleted<T>(
  futures: Iterable<Future<T>>,
  options: AsCompletedOptions = {},
): CompletedFutures<T> {
  return new CompletedFutures(futures, options);
}

/**
 * The iterator of asCompleted. Written by hand, since an async generator would
 * await the futures that it yields and so deliver their results.
 *
 *   source --feed--> unfinished --done callback--> ready --next()--> consumer
 *
 * unfinished + ready never exceeds bufferSize: a slow consumer holds back the
 * source, and nothing that was delivered is kept.
 */
export class CompletedFutures<T> implements AsyncIterableIterator<
  CompletedFuture<T>
> {
  readonly #feed: Feed<Future<T>>;
  readonly #unfinished = new Set<Future<T>>();
  readonly #ready = new Fifo<Future<T>>();
  readonly #seen = new WeakSet<Future<T>>();
  #taken = 0;
  #expired = false;
  #timer: NodeJS.Timeout | undefined;
  /** Calls of next() that found nothing ready. */
  #waiting: (() => void)[] = [];

  constructor(futures: Iterable<Future<T>>, options: AsCompletedOptions) {
    const timeout = timeoutOption('timeout', options.timeout);
    const bufferSize =
      options.bufferSize === undefined
        ? Infinity
        : positiveInteger('bufferSize', options.bufferSize);
    this.#feed = new Feed(futures, {
      hasRoom: () => this.#unfinished.size + this.#ready.length < bufferSize,
      take: (future) => {
        this.#take(future);
      },
      wake: () => {
        this.#wake();
      },
    });
    this.#feed.fill();
    if (timeout !== undefined && !this.#isOver()) {
      // With timeout 0, what is done already is still delivered first.
      this.#timer = setTimeout(() => {
        this.#expired = true;
        this.#wake();
      }, timeout);
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<CompletedFuture<T>, undefined>> {
    for (;;) {
      const future = this.#ready.first;
      if (future !== undefined) {
        this.#ready.drop();
        this.#feed.fill();
        return { value: future, done: false };
      }
      if (this.#isOver()) {
        clearTimeout(this.#timer);
        this.#feed.throwFailure();
        return { value: undefined, done: true };
      }
      if (this.#expired) {
        const message = `${String(this.#unfinished.size)} (of ${String(this.#taken)}) futures unfinished`;
        await this.return();
        throw new TimeoutError(message);
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Stops waiting, and closes the source. The tasks themselves go on. */
  async return(): Promise<IteratorResult<CompletedFuture<T>, undefined>> {
    clearTimeout(this.#timer);
    for (const future of this.#unfinished) {
      future.removeDoneCallback(this.#completed);
    }
    this.#unfinished.clear();
    this.#ready.clear();
    const closed = this.#feed.close();
    this.#wake();
    await closed;
    return { value: undefined, done: true };
  }

  /** True when nothing more can come. */
  #isOver(): boolean {
    return this.#feed.exhausted && this.#unfinished.size === 0;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  readonly #completed = (future: Future<T>): void => {
    this.#unfinished.delete(future);
    this.#ready.push(future);
    this.#wake();
  };

  #take(future: Future<T>): void {
    if (this.#seen.has(future)) return;
    this.#seen.add(future);
    this.#taken += 1;
    this.#unfinished.add(future);
    future.addDoneCallback(this.#completed); // at once if it is done already
  }
}
