import { inspect } from 'node:util';
import { TimeoutError } from './errors.ts';
import { Feed, type AnyIterable } from './feed.ts';
import type { Future } from './future.ts';
import type { MapOptions } from './task-options.ts';

/**
 * How many tasks `map` submits ahead of the consumer. Large enough that workers
 * do not wait for a slow first item in common cases, small enough that a map
 * over an endless iterable starts at once and runs in flat memory.
 */
const BUFFER_SIZE = 1024;

/**
 * The results of `executor.map`, in the order of its input. Tasks are submitted
 * as soon as the iterator exists, at most bufferSize ahead of the results
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
  /** Set while next() waits for the input. */
  #wakeNext: (() => void) | undefined;
  /** Set while next() waits for a future. */
  #giveUp: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Set at the deadline; thrown once, after the results that were there in time. */
  #late: TimeoutError | undefined;

  constructor(
    name: string,
    iterables: readonly AnyIterable<unknown>[],
    submit: (args: readonly unknown[]) => Future<T>,
    { bufferSize = BUFFER_SIZE, deadline }: MapOptions,
  ) {
    this.#name = name;
    this.#feed = new Feed(zip(iterables), {
      hasRoom: () => this.#window.length < bufferSize,
      take: (args) => {
        this.#window.push(submit(args));
      },
      wake: () => {
        this.#wakeNext?.();
      },
    });
    this.#feed.fill();
    if (deadline !== undefined && deadline !== Infinity) {
      this.#timer = setTimeout(() => {
        this.#expire(
          new TimeoutError(
            `map over ${name} was not done within ${String(deadline)} ms`,
          ),
        );
      }, deadline);
    }
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
    clearTimeout(this.#timer);
    await this.#cancelFrom(0);
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
    if (future !== undefined) {
      this.#feed.fill();
      if (await this.#isDoneInTime(future)) {
        return { value: await future, done: false };
      }
    }
    clearTimeout(this.#timer);
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) throw late;
    this.#feed.throwFailure();
    return { value: undefined, done: true };
  }

  #isDoneInTime(future: Future<T>): boolean | Promise<boolean> {
    if (future.done) return true;
    return new Promise((resolve) => {
      this.#giveUp = () => {
        resolve(false);
        future.cancel();
      };
      future.addDoneCallback(() => {
        this.#giveUp = undefined;
        resolve(true);
      });
    });
  }

  /** What is done stays; the rest ends here. */
  #expire(late: TimeoutError): void {
    const unfinished = this.#window.findIndex((future) => !future.done);
    const isWaiting = this.#giveUp !== undefined;
    if (this.#feed.exhausted && unfinished === -1 && !isWaiting) return;
    this.#late = late;
    this.#giveUp?.();
    // Nobody waits for the source to close, and so nobody would hear of its error.
    this.#cancelFrom(isWaiting ? 0 : unfinished).catch(() => undefined);
  }

  /** Cancels what is in the window from `index` on, as far as it has not started, and closes the input. */
  async #cancelFrom(index: number): Promise<void> {
    if (index !== -1) {
      for (const future of this.#window.splice(index)) future.cancel();
    }
    const closed = this.#feed.close();
    this.#wakeNext?.();
    await closed;
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
