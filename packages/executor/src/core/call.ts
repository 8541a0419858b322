import { AsyncResource } from 'node:async_hooks';
import { threadId } from 'node:worker_threads';
import type { DeadlockError } from './errors.ts';
import { Job } from './job.ts';
import { StreamRun } from './stream-run.ts';
import type { Tally } from './tally.ts';
import { currentRun, type TaskRun } from './task-context.ts';
import type { TaskFunction } from './task.ts';
import { isThenable } from './thenable.ts';
import type { JobOptions } from './task-options.ts';
import {
  PlacedRun,
  type WaitedFor,
  type WaitingTasks,
} from './waiting-tasks.ts';

/** A job that runs in this event loop. */
export class Call extends Job implements WaitedFor {
  readonly name: string;
  #fn: (...args: readonly unknown[]) => unknown;
  #args: readonly unknown[];
  /** Undefined in the queue, also in that of a retry. */
  #run: PlacedRun | undefined;
  readonly #places: WaitingTasks | undefined;
  /** The async context of the submit: the call may be made in that of another task. */
  readonly #submitted = new AsyncResource('Call');

  /** @param places those of its executor; undefined if it takes none */
  constructor(
    fn: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    tally: Tally,
    places?: WaitingTasks,
  ) {
    super({ options, tally });
    this.#places = places;
    this.name = fn.name;
    this.#fn = fn as (...args: readonly unknown[]) => unknown; // submit checked the types
    this.#args = args;
  }

  get isQueued(): boolean {
    return this.#run === undefined;
  }

  giveUp(error: DeadlockError): void {
    this.failForGood(error);
  }

  override awaited(): void {
    const run = currentRun();
    if (
      this.#places !== undefined &&
      run instanceof PlacedRun &&
      run.places === this.#places
    ) {
      this.#places.add(run, this);
    }
  }

  /**
   * Makes the call. A synchronous function is done when this returns.
   *
   * @param leave called when it has ended, before its future is settled
   * @param again called instead of settling the future when it is to be made again
   */
  run(leave: () => unknown, again: () => void): void {
    this.begin();
    const run = new PlacedRun(this.attempt, threadId, (value) => {
      this.progress(value);
    });
    run.places = this.#places;
    this.#run = run;
    const threw = (error: unknown): void => {
      this.#places?.end(run);
      this.#run = undefined;
      leave();
      if (this.fail(error, run.isAbortion(error))) again();
    };
    const returned = (value: unknown): void => {
      this.#places?.end(run);
      leave();
      this.succeed(value);
    };
    let result: unknown;
    let isPending: boolean;
    try {
      result = this.#result(run);
      isPending = isThenable(result);
    } catch (error) {
      threw(error);
      return;
    }
    // Not result.then(): the function may return any object that has one.
    if (isPending) Promise.resolve(result).then(returned, threw);
    else returned(result);
  }

  #result(run: TaskRun): unknown {
    const value: unknown = this.#submitted.runInAsyncScope(() =>
      run.call(this.#fn, this.#args),
    );
    const { sink } = this.options;
    if (sink === undefined) return value;
    const stream = new StreamRun(run, sink.room);
    sink.grant = (count) => {
      stream.grant(count);
    };
    return stream.drive(value, (yielded) => {
      sink.receive(yielded);
    });
  }

  protected override withdraw(later: () => void): boolean {
    // The queue keeps a cancelled call until it reaches the front.
    this.#fn = () => undefined;
    this.#args = [];
    return super.withdraw(later);
  }

  protected stop(reason: unknown): void {
    // In the queue, to be run again: no run is left that could end it.
    if (this.#run === undefined) this.failForGood(this.abortError);
    else this.#run.abort(reason);
  }
}
