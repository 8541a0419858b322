import {
  ExecutorError,
  registerErrorClass,
} from '@concurrent-executors/executor';

/**
 * Redis knows nothing of the task any more, and so it is not known whether it has run: its
 * data were lost or removed.
 */
export class TaskLostError extends ExecutorError {
  readonly code = 'ERR_TASK_LOST';
  override readonly name = 'TaskLostError';
}

/** The workers that ran the task stopped to answer, one after the other. */
export class WorkerLostError extends ExecutorError {
  readonly code = 'ERR_WORKER_LOST';
  override readonly name = 'WorkerLostError';
}

/** The worker has the module of the task with another text than the submitter. */
export class TaskCodeMismatchError extends ExecutorError {
  readonly code = 'ERR_TASK_CODE_MISMATCH';
  override readonly name = 'TaskCodeMismatchError';
}

/** A message was not written by one who has the HMAC key, or not by this version. */
export class MessageRefusedError extends ExecutorError {
  readonly code = 'ERR_MESSAGE_REFUSED';
  override readonly name = 'MessageRefusedError';
}

/** Redis cannot be reached, or refuses what is asked of it. */
export class RedisConnectionError extends ExecutorError {
  readonly code = 'ERR_REDIS_CONNECTION';
  override readonly name = 'RedisConnectionError';
}

/** The error of a task whose workers stopped to answer too often. */
export function workersLost(name: string): WorkerLostError {
  return new WorkerLostError(
    `task ${name} was not finished: one worker after the other that ran it stopped to answer`,
  );
}

/** The error of a task that streams and whose worker does not run it to its end. */
export function streamLost(name: string): WorkerLostError {
  return new WorkerLostError(
    `task ${name} was not finished: its worker was stopped or lost, and a stream is not begun again`,
  );
}

// Not by the URL of this module: it is another one on each machine.
for (const errorClass of [
  MessageRefusedError,
  RedisConnectionError,
  TaskCodeMismatchError,
  TaskLostError,
  WorkerLostError,
]) {
  registerErrorClass('@concurrent-executors/executor-bullmq', errorClass);
}
