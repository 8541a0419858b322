/** Every code that an error of this library can carry; docs/errors.md has a section for each. */
export type ErrorCode =
  | 'ERR_ABORTED'
  | 'ERR_CANCELLED'
  | 'ERR_DEADLOCK'
  | 'ERR_ERROR_CLASS_INVALID'
  | 'ERR_EXECUTOR_BROKEN'
  | 'ERR_EXECUTOR_SHUTDOWN'
  | 'ERR_EXECUTOR_TERMINATED'
  | 'ERR_FILE_WRITE'
  | 'ERR_INLINE_CAPTURE'
  | 'ERR_INVALID_STATE'
  | 'ERR_NESTED_EXECUTOR'
  | 'ERR_OPTION_RANGE'
  | 'ERR_OPTION_TYPE'
  | 'ERR_QUEUE_FULL'
  | 'ERR_RESULT_NOT_SERIALIZABLE'
  | 'ERR_TASK_GROUP_CLOSED'
  | 'ERR_TASK_INVALID'
  | 'ERR_TASK_NOT_FOUND'
  | 'ERR_TASK_NOT_SERIALIZABLE'
  | 'ERR_TIMEOUT'
  | 'ERR_WORKER_EXIT'
  | 'ERR_WORKER_OUT_OF_MEMORY';

/**
 * What all errors of the executors have in common. `code` is the stable way to
 * tell them apart; the wording of messages may change between versions.
 */
export abstract class ExecutorError extends Error {
  /** An ErrorCode for the classes of this package; others can have errors of their own. */
  abstract readonly code: `ERR_${string}`;

  /** The class name, also when a bundler has renamed the class. */
  abstract override readonly name: string;
}

/** The task was aborted while it ran. `cause` is the reason that was given. */
export class AbortError extends ExecutorError {
  readonly code = 'ERR_ABORTED';
  // What users of AbortSignal look for.
  override readonly name = 'AbortError';
}

/** The future was cancelled before its task started. */
export class CancelledError extends ExecutorError {
  readonly code = 'ERR_CANCELLED';
  override readonly name = 'CancelledError';
}

/** The task can never start: all tasks that run wait for tasks of the same executor. */
export class DeadlockError extends ExecutorError {
  readonly code = 'ERR_DEADLOCK';
  override readonly name = 'DeadlockError';
}

/** A wait, a task or its time in the queue was longer than its limit. */
export class TimeoutError extends ExecutorError {
  readonly code = 'ERR_TIMEOUT';
  override readonly name = 'TimeoutError';
}

/** A file of what was observed cannot be written; the message says why. */
export class FileWriteError extends ExecutorError {
  readonly code = 'ERR_FILE_WRITE';
  override readonly name = 'FileWriteError';
}

/** An inline function uses a variable that it has left behind. The message names it. */
export class InlineCaptureError extends ExecutorError {
  readonly code = 'ERR_INLINE_CAPTURE';
  override readonly name = 'InlineCaptureError';
}

/** A future was asked for a state change that its state does not allow. */
export class InvalidStateError extends ExecutorError {
  readonly code = 'ERR_INVALID_STATE';
  override readonly name = 'InvalidStateError';
}

/** `submit` was called while `maxQueue` tasks were waiting. */
export class QueueFullError extends ExecutorError {
  readonly code = 'ERR_QUEUE_FULL';
  override readonly name = 'QueueFullError';
}

/** `submit` or `map` was called after `shutdown`. */
export class ExecutorShutdownError extends ExecutorError {
  readonly code = 'ERR_EXECUTOR_SHUTDOWN';
  override readonly name = 'ExecutorShutdownError';
}

/** `terminateWorkers` was called while the task was queued or running. */
export class ExecutorTerminatedError extends ExecutorError {
  readonly code = 'ERR_EXECUTOR_TERMINATED';
  override readonly name = 'ExecutorTerminatedError';
}

/**
 * The pool cannot run tasks any more: its workers die before they run anything,
 * or one crashed and `onWorkerCrash` is 'break'. `cause` is how the last one died.
 */
export class BrokenExecutorError extends ExecutorError {
  readonly code = 'ERR_EXECUTOR_BROKEN';
  override readonly name = 'BrokenExecutorError';
}

/** How a worker ended. */
export interface WorkerExit {
  /** `'thread 3'` or `'process 4711'`. */
  readonly worker: string;
  /** Exit code; `null` when a signal ended the process. */
  readonly exitCode: number | null;
  /** The signal that ended the process; always `null` for threads. */
  readonly signal: NodeJS.Signals | null;
  /** The end of what the process wrote to stderr; empty for threads. */
  readonly stderr: string;
  /** Whether its memory was used up. */
  readonly outOfMemory: boolean;
  /** The uncaught error that ended the worker, where one is known. */
  readonly cause?: unknown;
}

/** The worker ended while it ran the task. Other tasks are not affected. */
export class WorkerExitError extends ExecutorError {
  readonly code: 'ERR_WORKER_EXIT' | 'ERR_WORKER_OUT_OF_MEMORY' =
    'ERR_WORKER_EXIT';
  override readonly name: string = 'WorkerExitError';
  /** `'thread 3'` or `'process 4711'`. */
  readonly worker: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;

  /** @param activity what the worker was doing: `'running task check'` */
  constructor(exit: WorkerExit, activity: string) {
    const how =
      exit.signal === null
        ? `exited with code ${String(exit.exitCode)}`
        : `was ended by signal ${exit.signal}`;
    const memory = exit.outOfMemory ? ', out of memory,' : '';
    super(
      `worker ${exit.worker} ${how}${memory} while ${activity}`,
      exit.cause === undefined ? undefined : { cause: exit.cause },
    );
    this.worker = exit.worker;
    this.exitCode = exit.exitCode;
    this.signal = exit.signal;
    this.stderr = exit.stderr;
  }
}

/** The worker used up its memory while it ran the task. */
export class WorkerOutOfMemoryError extends WorkerExitError {
  override readonly code = 'ERR_WORKER_OUT_OF_MEMORY';
  override readonly name = 'WorkerOutOfMemoryError';
}

/** The message of whatever was thrown, to be part of another message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The error that tells of the end of a worker. */
export function workerExitError(
  exit: WorkerExit,
  activity: string,
): WorkerExitError {
  return exit.outOfMemory
    ? new WorkerOutOfMemoryError(exit, activity)
    : new WorkerExitError(exit, activity);
}

/** An argument of the task cannot be sent to a worker. `cause` says which. */
export class TaskNotSerializableError extends ExecutorError {
  readonly code = 'ERR_TASK_NOT_SERIALIZABLE';
  override readonly name = 'TaskNotSerializableError';
}

/** The task ended well, but its result cannot be sent back. */
export class ResultNotSerializableError extends ExecutorError {
  readonly code = 'ERR_RESULT_NOT_SERIALIZABLE';
  override readonly name = 'ResultNotSerializableError';
}

/** The worker loaded the task's module and found no such task in it. */
export class TaskNotFoundError extends ExecutorError {
  readonly code = 'ERR_TASK_NOT_FOUND';
  override readonly name = 'TaskNotFoundError';
}

/** `submit` or `map` was called on a task group whose tasks were all done when it was joined. */
export class TaskGroupClosedError extends ExecutorError {
  readonly code = 'ERR_TASK_GROUP_CLOSED';
  override readonly name = 'TaskGroupClosedError';
}

/** What was given as a task is none, or its name cannot be found again. */
export class TaskInvalidError extends ExecutorError {
  readonly code = 'ERR_TASK_INVALID';
  override readonly name = 'TaskInvalidError';
}

/** What was given to `registerErrorClass` is no class of errors, or its name cannot be found again. */
export class ErrorClassInvalidError extends ExecutorError {
  readonly code = 'ERR_ERROR_CLASS_INVALID';
  override readonly name = 'ErrorClassInvalidError';
}

/** A task's module started an executor while a worker was importing it. */
export class NestedExecutorError extends ExecutorError {
  readonly code = 'ERR_NESTED_EXECUTOR';
  override readonly name = 'NestedExecutorError';
}

/** An option is of the wrong type. */
export class OptionTypeError extends TypeError {
  readonly code = 'ERR_OPTION_TYPE' satisfies ErrorCode;
  override readonly name = 'OptionTypeError';
}

/** An option is of the right type and outside its range. */
export class OptionRangeError extends RangeError {
  readonly code = 'ERR_OPTION_RANGE' satisfies ErrorCode;
  override readonly name = 'OptionRangeError';
}

/** All classes of this file that can be thrown. */
export const executorErrorClasses = [
  AbortError,
  BrokenExecutorError,
  CancelledError,
  DeadlockError,
  ErrorClassInvalidError,
  ExecutorShutdownError,
  ExecutorTerminatedError,
  FileWriteError,
  InlineCaptureError,
  InvalidStateError,
  NestedExecutorError,
  OptionRangeError,
  OptionTypeError,
  QueueFullError,
  ResultNotSerializableError,
  TaskGroupClosedError,
  TaskInvalidError,
  TaskNotFoundError,
  TaskNotSerializableError,
  TimeoutError,
  WorkerExitError,
  WorkerOutOfMemoryError,
] as const;
