import { AbortError, OptionTypeError, TaskGroupClosedError } from './errors.ts';
import type { CallKind } from './call-kind.ts';
import type { Submitter } from './executor.ts';
import { markAwaited, Settler, type Future } from './future.ts';
import { SubmitterWithOptions, type Backend } from './submitter.ts';
import type { TaskFunction } from './task.ts';
import {
  checkSubmitOptions,
  noOptions,
  type JobOptions,
} from './task-options.ts';

/**
 * What the end of one task means for the group. A task that was cancelled or
 * aborted on its own has not failed.
 *
 * | policy          | the others are aborted | join() rejects with                     |
 * | --------------- | ---------------------- | --------------------------------------- |
 * | `fail-fast`     | by the first failure   | the first failure                       |
 * | `supervise`     | never                  | an AggregateError of all failures       |
 * | `first-success` | by the first result    | an AggregateError, if there is no result |
 */
export type TaskGroupPolicy = 'fail-fast' | 'supervise' | 'first-success';

export interface TaskGroupOptions {
  /** Default: `'fail-fast'`. */
  readonly policy?: TaskGroupPolicy;
  /** When it is aborted, the group ends with an AbortError. */
  readonly signal?: AbortSignal;
}

const policies: readonly string[] = [
  'fail-fast',
  'supervise',
  'first-success',
] satisfies TaskGroupPolicy[];

/**
 * Tasks that belong together: none outlives the group. What is submitted through
 * the group, also from a done callback or from a group inside of it, is part of it.
 *
 *   open ──> ending ──> closed
 *     └─────────────────> ↑
 *
 * | from           | to     | when                                              | submit                    |
 * | -------------- | ------ | ------------------------------------------------- | ------------------------- |
 * | open           | ending | the policy, the signal, the body, the outer group | gives a cancelled future  |
 * | open or ending | closed | joined or disposed, and every task is done        | throws TaskGroupClosedError |
 */
export class TaskGroup<S extends Submitter = Submitter>
  extends SubmitterWithOptions
  implements AsyncDisposable
{
  declare submit: S['submit'];
  declare map: S['map'];
  declare invokeAll: S['invokeAll'];
  declare invokeAny: S['invokeAny'];
  declare stream: S['stream'];
  declare with: S['with'];
  readonly policy: TaskGroupPolicy;
  /** What runs the tasks. */
  readonly #target: Backend;
  /** This one and those around it, from the inside out. */
  readonly #groups: readonly TaskGroup[];
  readonly #inner = new Set<TaskGroup>();
  readonly #stopListening: () => void;
  readonly #controller = new AbortController();
  /** What is not done, also of the groups inside. */
  readonly #unfinished = new Set<Future<unknown>>();
  /** What join() tells of at the end, unless there is a failure before. */
  readonly #failed: Future<unknown>[] = [];
  #succeeded = false;
  #failure: { readonly error: unknown } | undefined;
  #joined = false;
  #closed = false;
  #whenEmpty: (() => void)[] = [];

  /**
   * A group for `await using`. Leaving the block before `join()`, for instance by
   * an error, aborts the tasks. `TaskGroup.run` joins by itself.
   *
   * @throws OptionTypeError
   * @throws TaskGroupClosedError if the executor is a group that is closed
   */
  constructor(executor: S, options: TaskGroupOptions = {}) {
    const target = SubmitterWithOptions.backendOf(executor);
    super(
      {
        ...target,
        enqueue: (...call) => this.#enqueue(...call),
        assertAccepting: () => {
          this.#assertOpen();
        },
      },
      noOptions,
    );
    const { policy = 'fail-fast', signal } = options;
    if (!policies.includes(policy)) {
      throw new OptionTypeError(
        `policy must be one of ${policies.join(', ')}, got ${JSON.stringify(policy)}`,
      );
    }
    if (signal !== undefined) checkSubmitOptions({ signal });
    this.policy = policy;
    if (executor instanceof TaskGroup) {
      const outer: TaskGroup = executor;
      this.#target = outer.#target;
      this.#groups = [this, ...outer.#groups];
      this.#assertOpen();
      outer.#inner.add(this);
      if (outer.signal.aborted) this.#outerEnded(outer.signal.reason);
    } else {
      this.#target = target;
      this.#groups = [this];
    }
    const aborted = (): void => {
      this.#endFromOutside('the task group was aborted', signal?.reason);
    };
    signal?.addEventListener('abort', aborted);
    this.#stopListening = () => signal?.removeEventListener('abort', aborted);
    if (signal?.aborted === true) aborted();
  }

  /**
   * Calls `body` with a new group, and returns what it returns, when all tasks of
   * the group are done. If the body throws, the tasks are aborted. The body itself
   * is not interrupted: it can heed `group.signal`.
   *
   * @throws what the body throws, or what `join` throws, whichever came first
   */
  static async run<S extends Submitter, R>(
    executor: S,
    body: (group: TaskGroup<S>) => R,
    options?: TaskGroupOptions,
  ): Promise<Awaited<R>> {
    const group = new TaskGroup(executor, options);
    let value: Awaited<R>;
    try {
      group.signal.throwIfAborted();
      value = await body(group);
    } catch (error) {
      const first = group.#fail(error);
      await group.#close();
      throw first;
    }
    await group.join();
    return value;
  }

  /** Aborted when the group ends before all its tasks have ended by themselves. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Waits for every task of the group. After that, the group takes no more.
   *
   * @throws what the policy says
   * @throws AbortError if the `signal` was aborted, or the group around this one ended
   */
  async join(): Promise<void> {
    this.#joined = true;
    await this.#close();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#succeeded || this.#failed.length === 0) return;
    const inOrder = this.#failed.toSorted((a, b) => a.id - b.id);
    const outcomes = await Promise.allSettled(inOrder);
    throw new AggregateError(
      outcomes.map((outcome): unknown =>
        outcome.status === 'rejected' ? outcome.reason : undefined,
      ),
      `${String(outcomes.length)} tasks of a group failed`,
    );
  }

  /** Aborts the tasks unless `join` was called; waits for them in any case. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#joined) {
      this.#fail(new AbortError('the group was left without join()'));
    }
    await this.#close();
  }

  #enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown> {
    this.#assertOpen();
    if (this.#isEnding()) {
      // Not an error: in first-success, whether a result came before the last
      // submit is a matter of time.
      const { future } = new Settler<unknown>();
      future.abort(this.signal.reason);
      return future;
    }
    const future = this.#target.enqueue(task, args, options, kind);
    for (const group of this.#groups) group.#unfinished.add(future);
    future.addDoneCallback(this.#completed);
    // In this event loop the task has run already, and can have ended the group.
    if (this.#isEnding()) future.abort(this.signal.reason);
    return future;
  }

  readonly #completed = (future: Future<unknown>): void => {
    const { cancelled, failed, exception } = future.snapshot();
    if (this.policy === 'first-success') {
      if (cancelled || failed) {
        this.#failed.push(future);
      } else {
        this.#succeeded = true;
        this.#end(new AbortError('another task of the group has succeeded'));
      }
    } else if (failed && !(exception instanceof AbortError)) {
      if (this.policy === 'supervise') this.#failed.push(future);
      else this.#fail(exception);
    }
    for (const group of this.#groups) {
      group.#unfinished.delete(future);
      group.#wakeIfEmpty();
    }
  };

  #isEnding(): boolean {
    return this.signal.aborted;
  }

  /** Ends the group with this error, unless it has one. Returns the one that counts. */
  #fail(error: unknown): unknown {
    this.#failure ??= { error };
    this.#end(error);
    return this.#failure.error;
  }

  #end(reason: unknown): void {
    if (this.#isEnding()) return;
    this.#controller.abort(reason);
    for (const group of this.#inner) group.#outerEnded(reason);
    for (const future of this.#unfinished) future.abort(reason);
  }

  /** A group that has ended before keeps its outcome. */
  #endFromOutside(message: string, cause: unknown): void {
    if (!this.#isEnding()) this.#fail(new AbortError(message, { cause }));
  }

  #outerEnded(reason: unknown): void {
    this.#endFromOutside('the group around this one has ended', reason);
  }

  async #close(): Promise<void> {
    // The callbacks that come after ours may submit more before this goes on.
    while (this.#unfinished.size > 0) {
      for (const future of this.#unfinished) markAwaited(future);
      await new Promise<void>((resolve) => {
        this.#whenEmpty.push(resolve);
      });
    }
    this.#closed = true;
    this.#stopListening();
    for (const group of this.#groups) group.#inner.delete(this);
  }

  #wakeIfEmpty(): void {
    if (this.#unfinished.size > 0) return;
    const whenEmpty = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of whenEmpty) resolve();
  }

  #assertOpen(): void {
    for (const group of this.#groups) {
      if (!group.#closed) continue;
      throw new TaskGroupClosedError(
        'the task group is closed: all its tasks were done when it was joined; submit before that, or make a new group',
      );
    }
  }
}
