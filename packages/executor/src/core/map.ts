import { inspect } from 'node:util';
import { Feed, type AnyIterable } from './feed.ts';
import type { Future } from './future.ts';

/**
 * How many tasks `map` submits ahead of the consumer. Large enough that workers
 * do not wait for a slow first item in common cases, small enough that a map
 * over an endless iterable starts at once and runs in flat memory.
 */
const MAP_BUFFER_SIZE = 1024;

/**
 * The results of `executor.map`, in the order of its input. Tasks are submitted
 * as soon as the iterator exists, at most MAP_BUFFER_SIZE ahead of the results
 * that were asked for.
 *
 * If a task throws, `next()` throws at its position; later calls of `next()` go
 * on with the results after it. Leaving a loop early cancels what has not
 * started and closes the input.
 */
export class MapResults<T> implements AsyncIterableIterator<T> {
  readonly #name: string;
  readonly #feed: Feed<readonly unknown[]>;
  /** Submitted and not yet asked for, in order. */
  readonly #window: Future<T>[] = [];
  /** Ends when all calls of next() so far have their result: they are served in order. */
  #last: Promise<unknown> = Promise.resolve();
  #wakeNext: (() => void) | undefined;

  constructor(
    name: string,
    iterables: readonly AnyIterable<unknown>[],
    submit: (args: readonly unknown[]) => Future<T>,
  ) {
    this.#name = name;
    this.#feed = new Feed(zip(iterables), {
      hasRoom: () => this.#window.length < MAP_BUFFER_SIZE,
      take: (args) => {
        this.#window.push(submit(args));
      },
      wake: () => {
        this.#wakeNext?.();
      },
    });
    this.#feed.fill();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const step = this.#last.then(() => this.#next());
    this.#last = step.catch(() => undefined);
    return step;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    for (const future of this.#window) future.cancel();
    this.#window.length = 0;
    const closed = this.#feed.close();
    this.#wakeNext?.();
    await closed;
    return { value: undefined, done: true };
  }

  toString(): string {
    return `<MapResults of ${this.#name}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    while (this.#window.length === 0 && !this.#feed.exhausted) {
      await new Promise<void>((resolve) => {
        this.#wakeNext = resolve;
      });
    }
    const future = this.#window.shift();
    if (future === undefined) {
      this.#feed.throwFailure();
      return { value: undefined, done: true };
    }
    this.#feed.fill();
    return { value: await future, done: false };
  }
}

/** The first items of all iterables, then the second ones, until one of them ends. */
function zip(
  iterables: readonly AnyIterable<unknown>[],
): AnyIterable<readonly unknown[]> {
  const isSync = (
    iterable: AnyIterable<unknown>,
  ): iterable is Iterable<unknown> => !(Symbol.asyncIterator in iterable);
  return iterables.every(isSync) ? zipSync(iterables) : zipAsync(iterables);
}

function* zipSync(
  iterables: readonly Iterable<unknown>[],
): Generator<readonly unknown[]> {
  if (iterables.length === 0) return;
  const iterators = iterables.map((iterable) => iterable[Symbol.iterator]());
  try {
    for (;;) {
      const steps = iterators.map((iterator) => iterator.next());
      if (steps.some((step) => step.done)) return;
      yield steps.map((step) => step.value as unknown);
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

async function* zipAsync(
  iterables: readonly AnyIterable<unknown>[],
): AsyncGenerator<readonly unknown[]> {
  const iterators = iterables.map((iterable) =>
    Symbol.asyncIterator in iterable
      ? iterable[Symbol.asyncIterator]()
      : iterable[Symbol.iterator](),
  );
  try {
    for (;;) {
      const steps = await Promise.all(
        iterators.map(async (iterator) => iterator.next()),
      );
      if (steps.some((step) => step.done)) return;
      yield steps.map((step) => step.value as unknown);
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}
