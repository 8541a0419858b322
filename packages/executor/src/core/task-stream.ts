import { AbortError } from './errors.ts';
import type { Future } from './future.ts';

/** Where a task that streams puts its values. */
export interface StreamSink {
  /** How many values it has room for before any is taken. */
  readonly room: number;
  receive(value: unknown): void;
  /** Set by the job: the consumer has taken so many values. */
  grant: (count: number) => void;
}

/** How many values a task may be ahead of its consumer. */
const BUFFER_SIZE = 16;

/**
 * The values of a task that is a generator, as they come. The task is at most
 * bufferSize values ahead, so a slow consumer holds it back.
 *
 *   task ──> buffer ──next()──> consumer
 *     ^────── grant ──────┘
 *
 * Leaving a loop early aborts the task; its `finally` blocks run.
 */
export class TaskStream<Y> implements AsyncIterableIterator<Y> {
  /** Done when the task has ended: what it returned or threw. */
  readonly future: Future<unknown>;
  readonly #buffer: Y[] = [];
  readonly #sink: StreamSink;
  /** Values that were taken since the last grant. */
  #taken = 0;
  /** Set while next() waits. */
  #wake: (() => void) | undefined;
  /** Calls of next() are served one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** @param submit starts the task */
  constructor(
    submit: (sink: StreamSink) => Future<unknown>,
    bufferSize = BUFFER_SIZE,
  ) {
    this.#sink = {
      room: bufferSize,
      receive: (value) => {
        this.#buffer.push(value as Y); // the task yields values of this type
        this.#wake?.();
      },
      grant: () => undefined,
    };
    this.future = submit(this.#sink);
    this.future.addDoneCallback(() => {
      this.#wake?.();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Y, undefined>> {
    const step = this.#last.then(() => this.#next());
    this.#last = step.catch(() => undefined);
    return step;
  }

  /** Aborts the task, and resolves when it has ended. */
  async return(): Promise<IteratorResult<Y, undefined>> {
    this.#isOver = true;
    this.#buffer.length = 0;
    this.future.abort(new AbortError('nobody takes the values any more'));
    this.#wake?.();
    // What it throws now is no news: it was told to end.
    await this.future.exception().catch(() => undefined);
    return { value: undefined, done: true };
  }

  async #next(): Promise<IteratorResult<Y, undefined>> {
    while (this.#buffer.length === 0 && !this.#isOver && !this.future.done) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as Y; // there is one
      this.#grant();
      return { value, done: false };
    }
    const isFirst = !this.#isOver;
    this.#isOver = true;
    if (isFirst) await this.future;
    return { value: undefined, done: true };
  }

  /** Half of the room at a time: a message for each value would cost as much as the value. */
  #grant(): void {
    this.#taken += 1;
    if (this.future.done || this.#taken * 2 < this.#sink.room) return;
    this.#sink.grant(this.#taken);
    this.#taken = 0;
  }
}
