import type { Transferable } from 'node:worker_threads';
import type { WorkerExit } from '../core/errors.ts';
import type { HostMessage, WorkerMessage } from '../wire/protocol.ts';

/** What a backend tells the pool about one worker. */
interface WorkerEvents {
  message(message: WorkerMessage): void;
  /** Exactly once, as the last event, also if the worker could not be started. */
  exit(exit: WorkerExit): void;
}

/** One worker as the pool sees it: a thread or a process. */
export interface WorkerHandle {
  /** @throws DataCloneError if the message cannot be serialized; nothing is sent then */
  send(message: HostMessage, transfer?: readonly Transferable[]): void;
  /** Ends the worker at once, whatever it does. The exit event follows. */
  terminate(): void;
  /** Whether this worker keeps the program running. A new worker does. */
  keepAlive(keep: boolean): void;
}

/** Starts a worker. It never throws: a failed start is an exit event. */
export type StartWorker = (index: number, events: WorkerEvents) => WorkerHandle;
