import type { WorkerSpan } from './span.ts';

/*
 * What a timeline page finds in its data element. It is written while the executors
 * run, so nothing in it depends on what comes later, and neither side holds more than
 * a bounded number of texts to read or write the next row.
 */

/**
 * A text, the first time that it occurs; from then on its number. Both sides count the
 * texts, and begin again with number 0 after `textLimit` of them.
 */
export type TextOrNumber = string | number;

/** All that the page is about. */
export interface TimelineData {
  readonly title: string;
  /** In milliseconds since 1970. */
  readonly date: number;
  readonly textLimit: number;
  /** In any order, but for this: executors and workers come before what mentions them. */
  readonly rows: readonly (RunRow | ExecutorRow | WorkerRow | LifeRow)[];
}

/**
 * One run of a task. All times are whole microseconds. Fields at the end that have
 * their default are left out.
 */
export type RunRow = [
  /** The time from the end of the run in the row before to the end of this one. */
  sincePrevious: number,
  /** -1 if it has not started. */
  ran: number,
  waited: number,
  id: number,
  name: TextOrNumber,
  executor: number,
  /** The number of the worker, -1 (the default) in the event loop of the program. */
  worker?: number,
  /** As in a span; `returned` by default. */
  outcome?: TextOrNumber,
  /** Empty by default. */
  error?: TextOrNumber,
  /** 1 by default. */
  attempt?: number,
  /** 1 if another run follows, 0 by default. */
  retried?: number,
  /** 1 by default. */
  calls?: number,
];

export interface ExecutorRow {
  readonly type: 'executor';
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  /** null if there is no limit: JSON has no Infinity. */
  readonly maxWorkers: number | null;
}

export interface WorkerRow {
  readonly type: 'worker';
  readonly executor: number;
  readonly index: number;
  readonly name: string;
}

/** The life of a worker, in microseconds on the clock that the ends of runs add up to. */
export interface LifeRow {
  readonly type: 'life';
  readonly executor: number;
  readonly index: number;
  readonly startedAt: number;
  readonly readyAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly end?: WorkerSpan['end'];
  readonly exit?: string | undefined;
}
