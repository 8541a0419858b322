import type { Transferable } from 'node:worker_threads';
import type { WorkerExit } from '../core/errors.ts';
import type { HostLane } from '../wire/lane.ts';
import type { HostMessage, WorkerMessage } from '../wire/protocol.ts';

/** What a backend tells the pool about one worker. */
interface WorkerEvents {
  message(message: WorkerMessage): void;
  /** There may be answers in the lane. */
  answers(): void;
  /** Exactly once, as the last event, also if the worker could not be started. */
  exit(exit: WorkerExit): void;
}

/** One worker as the pool sees it: a thread or a process. */
export interface WorkerHandle {
  /** `'thread 3'`, `'process 4711'`. */
  readonly name: string;
  /** What it shares with this program; undefined if it shares no memory. */
  readonly lane: HostLane | undefined;
  send(message: HostMessage, transfer?: readonly Transferable[]): void;
  /** Asks the system to end the worker, whatever it does. The exit event follows. */
  terminate(): void;
  /** Ends the worker, also one that withstands terminate(). */
  kill(): void;
  /** Whether this worker keeps the program running. A new worker does. */
  keepAlive(keep: boolean): void;
}

/** Starts a worker. It never throws: a failed start is an exit event. */
export type StartWorker = (index: number, events: WorkerEvents) => WorkerHandle;
