import type { Transferable } from 'node:worker_threads';
import type { StreamSink } from './task-stream.ts';
import { OptionTypeError } from './errors.ts';
import {
  nonNegativeInteger,
  positiveInteger,
  timeoutOption,
} from './options.ts';

/** How tasks are run. Given to `executor.with`. */
export interface TaskOptions {
  /**
   * When it is aborted, what has not started is cancelled, and what runs is
   * aborted as by `future.abort(signal.reason)`.
   */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that a task may run, counted from its start. Then it is aborted
   * with a TimeoutError. Default: no limit.
   */
  readonly timeout?: number;
  /**
   * Milliseconds that a task may wait for a worker, counted from submit. Then it
   * fails with a TimeoutError, and never runs. Default: no limit.
   */
  readonly queueTimeout?: number;
  /** Higher ones go first; equal ones in the order of submission. Default: 0. */
  readonly priority?: number;
  /**
   * How often a task that threw, or whose worker ended, is run again. Default: 0.
   * What was aborted or cannot be sent is not run again.
   */
  readonly retries?: number;
  /**
   * Tasks with the same key run one at a time, in the order of submission; for
   * instance all that change the same account. Any value, compared as the keys of
   * a Map. Default: none.
   */
  readonly key?: unknown;
  /**
   * What is moved to the thread instead of copied, such as an ArrayBuffer among
   * the arguments. Processes get a copy.
   */
  readonly transfer?: readonly Transferable[];
}

/** How `map` goes through its input. Given to `executor.with`. */
export interface MapOptions {
  /**
   * How many items `map` submits ahead of the results that were asked for.
   * Default: 1024, and at least 16 chunks. For `stream`, how many values the task may be ahead of the
   * consumer. Default: 16.
   */
  readonly bufferSize?: number;
  /**
   * How many items are sent to a worker as one task. Worth its while for many
   * short calls. What holds for a task, such as `timeout` or a crash, holds for
   * all items of a chunk; an item that throws fails alone. Without effect where
   * tasks run in this event loop. Default: 1.
   *
   * `'auto'`: begins with 1; more as long as chunks come back within milliseconds,
   * at most 512.
   */
  readonly chunkSize?: number | 'auto';
  /**
   * Milliseconds from the call of `map` until `next()` throws a TimeoutError and
   * the rest is cancelled. Default: no limit.
   */
  readonly deadline?: number;
}

export type SubmitOptions = TaskOptions & MapOptions;

/** The options of one job, and what else its call needs. */
export interface JobOptions extends TaskOptions {
  /** Of a task that streams. */
  readonly sink?: StreamSink;
}

/** For the many tasks that are submitted without any. */
export const noOptions: SubmitOptions = Object.freeze({});

/**
 * Checks the options that were given; the others keep their defaults.
 *
 * @throws OptionTypeError
 * @throws OptionRangeError
 */
export function checkSubmitOptions(options: SubmitOptions): SubmitOptions {
  const { signal, priority, retries, bufferSize, chunkSize, transfer } =
    options;
  timeoutOption('timeout', options.timeout);
  timeoutOption('queueTimeout', options.queueTimeout);
  timeoutOption('deadline', options.deadline);
  if (retries !== undefined) nonNegativeInteger('retries', retries);
  if (bufferSize !== undefined) positiveInteger('bufferSize', bufferSize);
  if (chunkSize !== undefined && chunkSize !== 'auto') {
    positiveInteger('chunkSize', chunkSize);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new OptionTypeError('signal must be an AbortSignal');
  }
  if (transfer !== undefined && !Array.isArray(transfer)) {
    throw new OptionTypeError('transfer must be an array');
  }
  if (priority !== undefined && !Number.isFinite(priority)) {
    throw new OptionTypeError(
      `priority must be a finite number, got ${String(priority)}`,
    );
  }
  return options;
}
