import { clearImmediate, setImmediate } from 'node:timers';
import { inspect } from 'node:util';
import { TimeoutError } from './errors.ts';
import { ChunkSize, maxChunkSize } from './chunk-size.ts';
import { Feed, type AnyIterable } from './feed.ts';
import { Fifo } from './fifo.ts';
import { markAwaited, type Future } from './future.ts';
import type { CallKind, ChunkOutcomes } from './call-kind.ts';
import type { MapOptions } from './task-options.ts';
import { zip } from './zip.ts';

/**
 * How many items `map` submits ahead of the consumer. Large enough that workers
 * do not wait for a slow first item in common cases, small enough that a map
 * over an endless iterable starts at once and runs in flat memory.
 */
const BUFFER_SIZE = 1024;

/** Chunks that it submits ahead at least: several for each of some workers. */
const CHUNKS_AHEAD = 16;

type Args = readonly unknown[];

/** What runs the items of a map. */
export interface MapTarget {
  /** Whether another task may be submitted now. */
  hasRoom(): boolean;
  /** Resolves when that may be so again. */
  ready(): Promise<void>;
  /** Whether several items can be sent to a worker as one task. */
  readonly sendsChunks: boolean;
  /** @param args of a chunk, for each parameter that of all calls */
  submit(kind: CallKind, args: Args): Future<unknown>;
}

/** Some items of the input that were submitted as one task. */
interface Chunk {
  readonly size: number;
  /** How many of its results were asked for. */
  taken: number;
  readonly future: Future<unknown>;
  /** Once they are known: the results of the items, if none has failed. */
  values: ArrayLike<unknown> | undefined;
}

/**
 * The results of `executor.map`, in the order of its input. Tasks are submitted
 * as soon as the iterator exists, at most bufferSize items ahead of the results
 * that were asked for.
 *
 *   input ──feed──> gathered ──submit──> window ──next()──> consumer
 *                   (a chunk)            (chunks)
 *
 * If a task throws, `next()` throws at its position; later calls of `next()` go
 * on with the results after it. Leaving a loop early cancels what has not
 * started and closes the input.
 */
export class MapResults<T> implements AsyncIterableIterator<T> {
  readonly #name: string;
  readonly #target: MapTarget;
  readonly #chunkSize: ChunkSize;
  /** Whether items are submitted in chunks; one by one otherwise. */
  readonly #isChunked: boolean;
  readonly #feed: Feed<Args>;
  /** How many items may be ahead of those that were asked for. */
  readonly #bufferSize: number;
  /** Items that are not submitted yet: less than a chunk, or one that waits for room. */
  #gathered: Args[] = [];
  /** Submitted and not yet asked for, in order. */
  readonly #window = new Fifo<Chunk>();
  /** How many items are gathered or in the window and not yet asked for. */
  #ahead = 0;
  /** Whether ready() of the target is awaited. */
  #awaitsRoom = false;
  /** Whether the target takes no tasks any more. */
  #isRefused = false;
  /** Ends when all calls of next() so far have their result: they are served in order. */
  #last: Promise<unknown> = Promise.resolve();
  /** Calls of next() that have no result yet. */
  #pending = 0;
  /** Set while next() waits for the input. */
  #wakeNext: (() => void) | undefined;
  /** Set while next() waits for a future. */
  #giveUp: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Fills the window when the event loop turns. */
  #later: NodeJS.Immediate | undefined;
  /** Set at the deadline; thrown once, after the results that were there in time. */
  #late: TimeoutError | undefined;

  constructor(
    name: string,
    iterables: readonly AnyIterable<unknown>[],
    target: MapTarget,
    {
      chunkSize = 1,
      bufferSize = Math.max(
        BUFFER_SIZE,
        CHUNKS_AHEAD * maxChunkSize(chunkSize),
      ),
      deadline,
    }: MapOptions,
  ) {
    this.#name = name;
    this.#target = target;
    this.#bufferSize = bufferSize;
    this.#isChunked = target.sendsChunks && chunkSize !== 1;
    this.#chunkSize = new ChunkSize(
      this.#isChunked ? chunkSize : 1,
      bufferSize,
    );
    this.#feed = new Feed(zip(iterables), {
      hasRoom: () => this.#hasRoom(),
      take: (args) => {
        this.#gather(args);
      },
      wake: () => {
        if (this.#feed.exhausted) this.#submitGathered();
        this.#wakeNext?.();
      },
    });
    this.#fill();
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
    const chunk = this.#window.first;
    if (chunk !== undefined && this.#pending === 0) {
      const values = this.#knownValues(chunk);
      if (values !== undefined) {
        // The chain of promises below would cost more than the items of many a map.
        const value = values[chunk.taken] as T; // the task has this type of result
        this.#take(chunk);
        this.#fillSoon();
        return Promise.resolve({ value, done: false });
      }
    }
    this.#pending += 1;
    const step = this.#last.then(() => this.#next());
    const end = (): void => {
      this.#pending -= 1;
    };
    // Not only caught: the last result is not to be kept either.
    this.#last = step.then(end, end);
    return step;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    clearTimeout(this.#timer);
    clearImmediate(this.#later);
    // The consumer is through with it: no later next() throws.
    this.#late = undefined;
    this.#feed.forgetFailure();
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
    while (this.#isStarving()) {
      // The consumer does not wait for the rest of a chunk.
      this.#submitGathered();
      if (this.#isStarving()) await this.#inputOrClose();
    }
    const chunk = this.#window.first;
    if (chunk !== undefined) {
      const index = chunk.taken;
      this.#take(chunk);
      this.#fill();
      if (await this.#isDoneInTime(chunk.future)) {
        return { value: await this.#result(chunk, index), done: false };
      }
    }
    clearTimeout(this.#timer);
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) throw late;
    this.#feed.throwFailure();
    return { value: undefined, done: true };
  }

  /** An item of the chunk was asked for. */
  #take(chunk: Chunk): void {
    chunk.taken += 1;
    if (chunk.taken === chunk.size) this.#window.drop();
    this.#ahead -= 1;
  }

  /**
   * More chunks are submitted when half of what may be ahead was taken, or the event loop
   * turns: to wake a worker for each chunk takes longer than many a chunk.
   */
  #fillSoon(): void {
    if (!this.#hasSpace()) return;
    if (!this.#isChunked || this.#ahead <= this.#bufferSize / 2) this.#fill();
    else
      this.#later ??= setImmediate(() => {
        this.#later = undefined;
        this.#fill();
      });
  }

  /** The results of the first chunk, if nothing else is to be thought of. */
  #knownValues(chunk: Chunk): ArrayLike<unknown> | undefined {
    if (this.#late !== undefined) return undefined;
    if (chunk.values === undefined && chunk.future.done) {
      const { state, failed, result } = chunk.future.snapshot();
      if (state !== 'finished' || failed) return undefined;
      if (!this.#isChunked) {
        chunk.values = [result];
      } else {
        const outcomes = result as ChunkOutcomes; // what the worker sends
        if (outcomes.failed.length === 0) chunk.values = outcomes.values;
      }
    }
    return chunk.values;
  }

  async #result({ future }: Chunk, index: number): Promise<T> {
    try {
      const value = await future;
      // The task has this type of result.
      if (!this.#isChunked) return value as T;
      const { values, failed, errors } = value as ChunkOutcomes; // what the worker sends
      const failure = failed.indexOf(index);
      if (failure !== -1) throw errors[failure];
      return values[index] as T;
    } catch (error) {
      // A loop ends at the first error: the errors after it are no news.
      for (const { future } of this.#window.toArray()) future.ignore();
      throw error;
    }
  }

  /** Whether next() has to wait for the input. */
  #isStarving(): boolean {
    return this.#window.length === 0 && !this.#isInputOver();
  }

  #isInputOver(): boolean {
    return this.#feed.exhausted && this.#gathered.length === 0;
  }

  #inputOrClose(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeNext = resolve;
    });
  }

  #fill(): void {
    this.#feed.fill();
    if (this.#feed.exhausted) this.#submitGathered();
  }

  #gather(args: Args): void {
    this.#ahead += 1;
    this.#gathered.push(args);
    if (this.#gathered.length >= this.#chunkSize.value) this.#submitGathered();
  }

  /** False if there is nothing to submit, or no room. */
  #submitGathered(): boolean {
    const calls = this.#gathered;
    const [first] = calls;
    if (first === undefined) return false;
    // While the source was asked, others may have filled the queue.
    if (!this.#isRefused && !this.#target.hasRoom()) {
      this.#awaitRoom();
      return false;
    }
    this.#gathered = [];
    try {
      const future = this.#isChunked
        ? this.#target.submit('chunk', columnsOf(calls))
        : this.#target.submit('single', first);
      this.#chunkSize.watch(future, calls.length);
      this.#window.push({
        size: calls.length,
        taken: 0,
        future,
        values: undefined,
      });
    } catch (error) {
      this.#feed.fail(error);
    }
    return true;
  }

  /** Whether another chunk may be submitted ahead of what was asked for. */
  #hasSpace(): boolean {
    return this.#ahead + this.#chunkSize.value <= this.#bufferSize;
  }

  #hasRoom(): boolean {
    // A chunk that was begun is completed.
    if (this.#gathered.length > 0) {
      return this.#gathered.length < this.#chunkSize.value;
    }
    if (!this.#hasSpace()) return false;
    if (this.#isRefused || this.#target.hasRoom()) return true;
    this.#awaitRoom();
    return false;
  }

  #awaitRoom(): void {
    if (this.#awaitsRoom) return;
    this.#awaitsRoom = true;
    const goOn = (): void => {
      this.#awaitsRoom = false;
      if (this.#gathered.length >= this.#chunkSize.value)
        this.#submitGathered();
      this.#fill();
      this.#wakeNext?.();
    };
    this.#target.ready().then(goOn, () => {
      // The next submit throws, and that error goes to the consumer.
      this.#isRefused = true;
      goOn();
    });
  }

  #isDoneInTime(future: Future<unknown>): boolean | Promise<boolean> {
    if (future.done) return true;
    if (this.#timer === undefined) markAwaited(future);
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
    const unfinished = this.#window
      .toArray()
      .findIndex(({ future }) => !future.done);
    const isWaiting = this.#giveUp !== undefined;
    if (this.#isInputOver() && unfinished === -1 && !isWaiting) return;
    this.#late = late;
    this.#giveUp?.();
    // Nobody waits for the source to close, and so nobody would hear of its error.
    this.#cancelFrom(isWaiting ? 0 : unfinished).catch(() => undefined);
  }

  /** Cancels what is in the window from `index` on, as far as it has not started, and closes the input. */
  async #cancelFrom(index: number): Promise<void> {
    if (index !== -1) {
      const chunks = this.#window.toArray();
      this.#window.clear();
      for (const chunk of chunks.slice(0, index)) this.#window.push(chunk);
      for (const { future } of chunks.slice(index)) future.ignore().cancel();
    }
    this.#gathered = [];
    const closed = this.#feed.close();
    this.#wakeNext?.();
    await closed;
  }
}

/** For each parameter its arguments. */
function columnsOf(calls: readonly Args[]): unknown[][] {
  const [first = []] = calls;
  return first.map((_, index) => calls.map((args) => args[index]));
}
