/*
 * What the host and a worker say to each other. The transport (a MessagePort or
 * a pipe) is not known here.
 *
 *   host                              worker
 *   start { initializer }     ---->                    once, as the first message
 *                             <----   ready            when it can run tasks
 *                             <----   failed { thrown }    or: the initializer threw
 *   run { id, task, args }    ---->
 *                             <----   progress { id, value }   any number
 *   abort { id, reason }      ---->                    while the task runs; again as a question
 *                             <----   aborting { id }          each time: its event loop turns
 *                             <----   resolved { id, value }
 *                             <----   rejected { id, thrown, aborted }
 *   close                     ---->                    it exits with code 0
 *
 * A `run` may be sent before `ready`: the worker runs it after the initializer.
 * Each `run` is answered by one `resolved` or `rejected` with its id, in any
 * order, or by the end of the worker.
 */
import type { TaskAddress } from '../core/task.ts';
import type { EncodedThrown } from './error-codec.ts';

/** The file descriptor of the pipe to the host in a worker process. */
export const CHANNEL_FD = 3;

/** A call of a task. */
export interface TaskCall {
  readonly task: TaskAddress;
  readonly args: readonly unknown[];
}

export interface RunMessage extends TaskCall {
  readonly type: 'run';
  /** Unique among the tasks that this worker runs. */
  readonly id: number;
  /** 1 for the first run, one more for each retry. */
  readonly attempt: number;
}

export type HostMessage =
  | { readonly type: 'start'; readonly initializer: TaskCall | undefined }
  | RunMessage
  | {
      readonly type: 'abort';
      readonly id: number;
      readonly reason: EncodedThrown;
    }
  | { readonly type: 'close' };

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly thrown: EncodedThrown }
  | { readonly type: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly type: 'aborting'; readonly id: number }
  | { readonly type: 'resolved'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'rejected';
      readonly id: number;
      readonly thrown: EncodedThrown;
      /** Whether the task threw because it was aborted. */
      readonly aborted: boolean;
    };
