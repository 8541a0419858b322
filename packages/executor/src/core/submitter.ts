import type { CallKind } from './call-kind.ts';
import { OptionTypeError } from './errors.ts';
import type { MapInputs, Submitter, TaskLike } from './executor.ts';
import type { Future } from './future.ts';
import {
  invokeAll,
  invokeAny,
  type CallFutures,
  type Calls,
} from './invoke.ts';
import { MapResults } from './map.ts';
import type { Task, TaskFunction } from './task.ts';
import {
  checkSubmitOptions,
  type JobOptions,
  type SubmitOptions,
} from './task-options.ts';
import { TaskStream } from './task-stream.ts';

/** What the common parts need of a backend. */
export interface Backend {
  enqueue(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown>;
  /** Throws if `enqueue` would: map must fail when it is called, not at the first item. */
  assertAccepting(): void;
  hasRoom(): boolean;
  ready(): Promise<void>;
  /** Whether it can run several calls as one task. */
  readonly sendsChunks: boolean;
}

/** Submits with fixed options. Executors and task groups extend it. */
export class SubmitterWithOptions implements Submitter {
  readonly #backend: Backend;
  readonly #options: SubmitOptions;

  constructor(backend: Backend, options: SubmitOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  /**
   * What a submitter hands its tasks to, for whoever wraps it: the options of the
   * submitter apply.
   *
   * @throws OptionTypeError if it is none of this library
   */
  static backendOf(submitter: Submitter): Backend {
    if (!(submitter instanceof SubmitterWithOptions)) {
      throw new OptionTypeError(
        'expected an executor, a task group, or what their with() returns',
      );
    }
    const backend = submitter.#backend;
    const fixed = submitter.#options;
    return {
      enqueue: (task, args, options, kind) =>
        backend.enqueue(task, args, { ...fixed, ...options }, kind),
      assertAccepting: () => {
        backend.assertAccepting();
      },
      hasRoom: () => backend.hasRoom(),
      ready: () => backend.ready(),
      sendsChunks: backend.sendsChunks,
    };
  }

  submit<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...args: A
  ): Future<Awaited<R>> {
    // The backend runs the function of this type; it knows no types itself.
    return this.#backend.enqueue(task, args, this.#options, 'single') as Future<
      Awaited<R>
    >;
  }

  map<A extends readonly unknown[], R>(
    task: Task<A, R>,
    ...iterables: MapInputs<A>
  ): MapResults<Awaited<R>> {
    const backend = this.#backend;
    backend.assertAccepting();
    return new MapResults(
      task.name,
      iterables,
      {
        hasRoom: () => backend.hasRoom(),
        ready: () => backend.ready(),
        sendsChunks: backend.sendsChunks,
        // The items have the types of the parameters: MapInputs says so.
        submit: (kind, args) =>
          backend.enqueue(task, args, this.#options, kind),
      },
      this.#options,
    );
  }

  invokeAll<const F extends readonly TaskLike[]>(
    calls: Calls<F>,
  ): Promise<CallFutures<F>> {
    // One future for each call, as the type says.
    return invokeAll(this.#enqueue, calls) as Promise<CallFutures<F>>;
  }

  invokeAny<const F extends readonly TaskLike[]>(
    calls: Calls<F>,
  ): Promise<Awaited<ReturnType<F[number]>>> {
    // What one of the tasks returned.
    return invokeAny(this.#enqueue, calls) as Promise<
      Awaited<ReturnType<F[number]>>
    >;
  }

  stream<A extends readonly unknown[], Y>(
    task: Task<A, AsyncIterable<Y> | Iterable<Y>>,
    ...args: A
  ): TaskStream<Y> {
    const { bufferSize, ...options } = this.#options;
    return new TaskStream(
      (sink) =>
        this.#backend.enqueue(
          task,
          args,
          { ...options, retries: 0, sink },
          'stream',
        ),
      bufferSize,
    );
  }

  with(options: SubmitOptions): Submitter {
    const merged = { ...this.#options, ...checkSubmitOptions(options) };
    return new SubmitterWithOptions(this.#backend, merged);
  }

  readonly #enqueue = (
    task: TaskFunction,
    args: readonly unknown[],
  ): Future<unknown> =>
    this.#backend.enqueue(task, args, this.#options, 'single');
}
