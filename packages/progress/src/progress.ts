import { ProgressBar, type ProgressBarOptions } from './bar.ts';

/** An async iterable whose consumption is shown. */
export interface AsyncProgress<T> extends AsyncIterable<T> {
  /** The bar of the present or the last iteration. It appears when it is first used. */
  readonly bar: ProgressBar;
}

/** As {@link AsyncProgress}, for `for` as well as `for await`. */
export interface Progress<T> extends Iterable<T>, AsyncProgress<Awaited<T>> {}

/**
 * Wraps an iterable: it yields the same items and shows how far the consumer is. An item
 * counts when the next one is asked for. The bar appears when the iteration starts and is
 * closed when it ends, by exhaustion, `break` or an error; the source is then closed as well.
 *
 * The total is the length or size of the source if it has one (array, typed array, Set, Map),
 * unless `options.total` is given.
 *
 * @throws TypeError if `source` is not iterable.
 * @throws RangeError as {@link ProgressBar} does, when the iteration starts.
 */
export function progress<T>(
  source: Iterable<T>,
  options?: ProgressBarOptions,
): Progress<T>;
export function progress<T>(
  source: AsyncIterable<T>,
  options?: ProgressBarOptions,
): AsyncProgress<T>;
export function progress<T>(
  source: Iterable<T> | AsyncIterable<T>,
  options: ProgressBarOptions = {},
): Progress<T> | AsyncProgress<T> {
  if (isIterable(source)) return new SyncSource(source, options);
  if (isAsyncIterable(source)) return new AsyncSource(source, options);
  throw new TypeError(
    `progress() needs an iterable or an async iterable; got ${String(source)}.`,
  );
}

/** Opens its bar late: a wrapped source that nobody consumes shows nothing. */
abstract class WithBar {
  readonly #options: ProgressBarOptions;
  #bar: ProgressBar | undefined;

  constructor(options: ProgressBarOptions) {
    this.#options = options;
  }

  get bar(): ProgressBar {
    return (this.#bar ??= new ProgressBar(this.#options));
  }

  /** The bar of an iteration that starts now. */
  protected startBar(): ProgressBar {
    if (this.#bar?.closed) this.#bar = undefined;
    return this.bar;
  }
}

class SyncSource<T> extends WithBar implements Progress<T> {
  readonly #source: Iterable<T>;

  constructor(source: Iterable<T>, options: ProgressBarOptions) {
    super({ ...options, total: options.total ?? sizeOf(source) });
    this.#source = source;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    const bar = this.startBar();
    try {
      for (const item of this.#source) {
        yield item;
        bar.update();
      }
    } finally {
      bar.close();
    }
  }

  // `for await` would do without this, but before ES2025 it leaves a sync source, and so the
  // bar, open when an item is a promise that rejects.
  async *[Symbol.asyncIterator](): AsyncGenerator<Awaited<T>, void, undefined> {
    for (const item of this) yield await item;
  }
}

class AsyncSource<T> extends WithBar implements AsyncProgress<T> {
  readonly #source: AsyncIterable<T>;

  constructor(source: AsyncIterable<T>, options: ProgressBarOptions) {
    super(options);
    this.#source = source;
  }

  // Not an async generator: that awaits what it yields, and so would turn the futures of
  // `asCompleted` into their results.
  [Symbol.asyncIterator](): AsyncIterator<T, unknown, undefined> {
    const bar = this.startBar();
    const source = this.#source[Symbol.asyncIterator]();
    let delivered = 0;
    return {
      async next() {
        bar.update(delivered);
        delivered = 0;
        try {
          const result = await source.next();
          if (result.done === true) bar.close();
          else delivered += 1;
          return result;
        } catch (error) {
          bar.close();
          throw error;
        }
      },
      async return() {
        bar.close();
        await source.return?.();
        return { done: true, value: undefined };
      },
    };
  }
}

// `new Object` makes a string an object, and undefined or null an empty one.
function isIterable(source: unknown): source is Iterable<unknown> {
  return Symbol.iterator in new Object(source);
}

function isAsyncIterable(source: unknown): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in new Object(source);
}

/** A string has a length, but in code units, while it iterates over code points. */
function sizeOf(source: Iterable<unknown>): number | undefined {
  if (Array.isArray(source)) return source.length;
  if (source instanceof Set || source instanceof Map) return source.size;
  if (ArrayBuffer.isView(source) && 'length' in source)
    return Number(source.length);
  return undefined;
}
