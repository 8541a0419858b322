/*
 * What a pool and its slots know of each other.
 */
import type { WorkerExit } from '../core/errors.ts';
import type { ExecutorInfo } from '../core/events.ts';
import type { StartMessage } from '../wire/protocol.ts';
import type { PoolJob } from './job.ts';
import type { StartWorker } from './worker-handle.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** Which jobs are sent to a worker before it can start them. */
export interface Prefetch {
  /** How many of them it may have, however few wait behind them; fewer if jobs take longer. */
  readonly depth: number;
  /**
   * How many it may have at most, as long as twice as many wait for each worker: so many that
   * it does not run out of them while this program collects garbage.
   */
  readonly deepest: number;
  /** Only a worker whose jobs take less, in milliseconds, gets any. */
  readonly pace: number;
  /**
   * How long jobs may wait behind others while a worker is idle, in milliseconds: about as long
   * as it takes to wake that one and move them.
   */
  readonly wait: number;
  /**
   * Jobs that take less, in milliseconds, may do so from the start: so that one worker alone
   * is as fast as this program passes them on. Without the calls of the system that this takes.
   */
  readonly quick: number;
  /**
   * As long as a worker has that many jobs, it is looked at when it can have answered half of
   * them, or so many: as many as a look costs as much as. Infinity: a look costs little. One that has all
   * jobs that it may have is not looked at before it can have answered half of them, and
   * every 2 ms at least.
   */
  readonly gather: number;
}

export const noPrefetch: Prefetch = {
  depth: 0,
  deepest: 0,
  pace: 0,
  wait: 0,
  quick: 0,
  gather: 0,
};

export interface SlotSettings {
  /** In events. */
  readonly executor: ExecutorInfo;
  readonly startWorker: StartWorker;
  /** Makes the first message. */
  readonly start: () => StartMessage;
  /** How many jobs it runs at once. */
  readonly capacity: number;
  readonly prefetch: Prefetch;
  /** How many jobs it runs in all. */
  readonly maxTasks: number;
  /** How long it may be idle, in milliseconds; undefined: it stays. */
  readonly idleTimeout: number | undefined;
  /** How long an aborted task may take to end by itself, in milliseconds. */
  readonly abortGrace: number;
}

/** How a worker ended. */
export interface SlotEnd {
  readonly exit: WorkerExit;
  /** Whether it was ended on purpose: closed, terminated or killed. */
  readonly wasAskedTo: boolean;
  /** Whether it was terminated or killed. */
  readonly wasForced: boolean;
  /** Whether it ever started a job. */
  readonly hasWorked: boolean;
  /** Whether it ended because its initializer threw; that is the cause of `exit`. */
  readonly initializerFailed: boolean;
  /** The jobs that it was running. */
  readonly started: readonly PoolJob[];
  /** The jobs that it had not started, in order. */
  readonly unstarted: readonly PoolJob[];
}

/** What the pool wants to know of a slot. */
export interface SlotOwner {
  /** A worker has run a job to its end. */
  answered(): void;
  /** Calls the function; no job is sent to a worker before it returns. */
  holdBack(action: () => void): void;
  /** The slot may take another job. */
  available(): void;
  /** It has none perhaps, and no job of it is on the way to its end. */
  rests(slot: WorkerSlot): void;
  /** How many jobs wait for each worker, on the average. */
  readonly waitingForEach: number;
  /** Whether an idle worker may end: more than minWorkers would stay. */
  readonly hasSpareWorkers: boolean;
  /** The run has failed, or has not started: the job is to be run again. */
  again(job: PoolJob): void;
  /** The jobs were taken back from the worker before they had started. */
  recalled(jobs: readonly PoolJob[]): void;
  exited(slot: WorkerSlot, end: SlotEnd): void;
}
