/*
 * What the host and a worker say to each other. The transport (a MessagePort or
 * a pipe) is not known here.
 *
 *   host                              worker
 *   run { id, task, args }    ---->
 *                             <----   ready            once, when it can run tasks
 *                             <----   resolved { id, value }
 *                             <----   rejected { id, thrown }
 *   close                     ---->                    it exits with code 0
 *
 * A `run` may be sent before `ready`: the transport keeps it. Each `run` is
 * answered by one `resolved` or `rejected` with its id, in any order, or by the
 * end of the worker.
 */
import type { TaskAddress } from '../core/task.ts';
import type { EncodedThrown } from './error-codec.ts';

/** The file descriptor of the pipe to the host in a worker process. */
export const CHANNEL_FD = 3;

export interface RunMessage {
  readonly type: 'run';
  /** Unique among the tasks that this worker runs. */
  readonly id: number;
  readonly task: TaskAddress;
  readonly args: readonly unknown[];
}

export type HostMessage = RunMessage | { readonly type: 'close' };

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'resolved'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'rejected';
      readonly id: number;
      readonly thrown: EncodedThrown;
    };
