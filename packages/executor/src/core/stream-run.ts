import type { TaskRun } from './task-context.ts';

type AnyIterator = Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>;

/**
 * Runs a task that gives a stream of values, from the side of whoever runs it. It
 * takes values from the task only as far as the consumer has room for them.
 */
export class StreamRun {
  readonly #run: TaskRun;
  /** How many values the consumer has room for. */
  #room: number;
  #wake: (() => void) | undefined;

  constructor(run: TaskRun, room: number) {
    this.#run = run;
    this.#room = room;
  }

  /** The consumer has room for more values. */
  grant(count: number): void {
    this.#room += count;
    this.#wake?.();
  }

  /**
   * Gives the values to `emit`, one after the other, and returns what the task
   * returns.
   *
   * @throws what the task or `emit` throws; the reason if the task is aborted
   * @throws TypeError if the task gives nothing to iterate over
   */
  async drive(
    iterable: unknown,
    emit: (value: unknown) => void,
  ): Promise<unknown> {
    const iterator = iteratorOf(iterable);
    const { signal } = this.#run;
    const wake = (): void => {
      this.#wake?.();
    };
    signal.addEventListener('abort', wake);
    try {
      for (;;) {
        while (this.#room === 0 && !signal.aborted) await this.#change();
        signal.throwIfAborted();
        // In the context of the task: its code runs here, too.
        const step = await (this.#run.call(() => iterator.next(), []) as
          | IteratorResult<unknown, unknown>
          | Promise<IteratorResult<unknown, unknown>>);
        if (step.done === true) return step.value;
        this.#room -= 1;
        emit(step.value);
      }
    } catch (error) {
      // One that threw itself has ended; for it this does nothing.
      await this.#run.call(() => iterator.return?.(), []);
      throw error;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** @throws TypeError if there is nothing to iterate over */
export function iteratorOf(iterable: unknown): AnyIterator {
  if (typeof iterable === 'object' && iterable !== null) {
    if (Symbol.asyncIterator in iterable) {
      return (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    }
    if (Symbol.iterator in iterable) {
      return (iterable as Iterable<unknown>)[Symbol.iterator]();
    }
  }
  throw new TypeError(
    'a task that is called by stream() must be a generator, or return something to iterate over',
  );
}
