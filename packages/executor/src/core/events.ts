/*
 * What an executor tells of its tasks and workers, through node:diagnostics_channel.
 * A channel without a subscriber costs one look at it.
 */
import { channel } from 'node:diagnostics_channel';

/** An executor, in the events about its tasks and workers. */
export interface ExecutorInfo {
  /** Unique in this program. */
  readonly id: number;
  /** Its class, as `ThreadPoolExecutor`. */
  readonly kind: string;
  /** Its `namePrefix`; without one, its class. */
  readonly name: string;
  readonly maxWorkers: number;
}

export interface WorkerInfo {
  readonly executor: ExecutorInfo;
  /** As in error messages: `thread 3`, `process 4711`. */
  readonly name: string;
  /** The number that this executor has given it: 0, 1, … */
  readonly index: number;
}

/** A submitted call of a task, or a chunk of a map, which is one task to the executor. */
export interface TaskInfo {
  readonly executor: ExecutorInfo;
  /** That of its future; unique in this program. */
  readonly id: number;
  /** The name of the function. */
  readonly name: string;
  /** How many calls it is: more than one for a chunk. */
  readonly calls: number;
}

/**
 * All times are milliseconds of the monotonic clock of the machine (`process.hrtime`),
 * which is the same for all its threads and processes. They say nothing of the date.
 */
export interface TaskSubmitted {
  readonly task: TaskInfo;
  readonly at: number;
}

export interface TaskStarted {
  readonly task: TaskInfo;
  readonly at: number;
  /** 1 for the first run, 2 for the first retry, … */
  readonly attempt: number;
  /** Undefined if it runs in this event loop. */
  readonly worker: WorkerInfo | undefined;
}

/** A run of the task has come to its end. */
export interface TaskEnded {
  readonly task: TaskInfo;
  /**
   * When the run began and ended, by the clock of the worker. Where a worker has ended
   * without an answer, as far as is known here; where there was no run, `startedAt` is
   * undefined.
   */
  readonly startedAt: number | undefined;
  readonly at: number;
  /** 0 if it has never started. */
  readonly attempt: number;
  readonly worker: WorkerInfo | undefined;
  readonly failed: boolean;
  /** Why it has no result, if it failed. */
  readonly error: unknown;
  /** Whether the task has thrown the error; otherwise the executor has made it. */
  readonly thrown: boolean;
}

export interface TaskCancelled {
  readonly task: TaskInfo;
  readonly at: number;
}

export interface WorkerStarted {
  readonly worker: WorkerInfo;
  readonly at: number;
}

export interface WorkerExited {
  readonly worker: WorkerInfo;
  readonly at: number;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the executor had asked it to end. */
  readonly expected: boolean;
  /** Whether it was ended by force. */
  readonly forced: boolean;
}

/** The names of the channels, with what is published there. */
export interface ExecutorEvents {
  readonly 'concurrent-executors:task:submitted': TaskSubmitted;
  /** A worker has it. It may be known late of tasks that are sent ahead. */
  readonly 'concurrent-executors:task:started': TaskStarted;
  /** A run has failed or was not made; the task waits for another one. */
  readonly 'concurrent-executors:task:retried': TaskEnded;
  readonly 'concurrent-executors:task:finished': TaskEnded;
  readonly 'concurrent-executors:task:cancelled': TaskCancelled;
  readonly 'concurrent-executors:worker:started': WorkerStarted;
  /** It can run tasks. */
  readonly 'concurrent-executors:worker:ready': WorkerStarted;
  readonly 'concurrent-executors:worker:exited': WorkerExited;
}

/** A channel that is looked at without a call through its name. */
interface EventChannel<Event> {
  readonly hasSubscribers: boolean;
  publish(event: Event): void;
}

type EventName = keyof ExecutorEvents;

function eventChannel<Name extends EventName>(
  name: Name,
): EventChannel<ExecutorEvents[Name]> {
  return channel(name);
}

export const taskSubmitted = eventChannel(
  'concurrent-executors:task:submitted',
);
export const taskStarted = eventChannel('concurrent-executors:task:started');
export const taskRetried = eventChannel('concurrent-executors:task:retried');
export const taskFinished = eventChannel('concurrent-executors:task:finished');
export const taskCancelled = eventChannel(
  'concurrent-executors:task:cancelled',
);

/** Whether there is any subscriber to events of tasks. */
export function isAnyHeard(): boolean {
  return (
    taskFinished.hasSubscribers ||
    taskStarted.hasSubscribers ||
    taskSubmitted.hasSubscribers ||
    taskRetried.hasSubscribers ||
    taskCancelled.hasSubscribers
  );
}

export const workerStarted = eventChannel(
  'concurrent-executors:worker:started',
);
export const workerReady = eventChannel('concurrent-executors:worker:ready');
export const workerExited = eventChannel('concurrent-executors:worker:exited');
