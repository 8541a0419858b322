import type { TaskInfo, WorkerInfo } from '../core/events.ts';

/**
 * What became of a run:
 *
 * | outcome    | of a run that                                                   |
 * | ---------- | --------------------------------------------------------------- |
 * | returned   | has a result                                                    |
 * | threw      | failed                                                          |
 * | crashed    | its worker has ended in the middle of                           |
 * | aborted    | was ended by abort() or the signal, or by the end of the executor |
 * | timed-out  | was ended by its limit, or waited for longer than its limit     |
 * | cancelled  | was not made                                                    |
 * | unfinished | goes on at the end of the recording                             |
 */
export type Outcome =
  | 'returned'
  | 'threw'
  | 'crashed'
  | 'aborted'
  | 'timed-out'
  | 'cancelled'
  | 'unfinished';

/** One run of a task, with the wait for it. A task that is retried has several. */
export interface TaskSpan {
  readonly task: TaskInfo;
  /** 1 for the first run; 0 for a task that has never started. */
  readonly attempt: number;
  /** Since when it has waited: the submit, or the end of the run before. Times as in the events. */
  readonly queuedAt: number;
  /** Undefined if it has not started. */
  readonly startedAt: number | undefined;
  readonly endedAt: number;
  /** Undefined if it ran in this event loop, or has not started. */
  readonly worker: WorkerInfo | undefined;
  readonly outcome: Outcome;
  /** Whether another run follows. */
  readonly retried: boolean;
  /** `TypeError: message` of what it threw; undefined if it did not. */
  readonly error: string | undefined;
}

/** The life of a worker. */
export interface WorkerSpan {
  readonly worker: WorkerInfo;
  readonly startedAt: number;
  /** Undefined if it has never been able to run a task. */
  readonly readyAt: number | undefined;
  /** Undefined if it lives on at the end of the recording. */
  readonly endedAt: number | undefined;
  /** How it ended: `closed` if it was asked to, `terminated` by force. */
  readonly end: 'closed' | 'terminated' | 'crashed' | undefined;
  /** `exit code 7`, `SIGKILL`; undefined if it lives on. */
  readonly exit: string | undefined;
}

/** Takes what a Recorder has seen, in the order in which it ended. */
export interface SpanSink {
  addTask(span: TaskSpan): void;
  addWorker(span: WorkerSpan): void;
}
