/*
 * What the host and a worker say to each other. The transport (a MessagePort or
 * a pipe) is not known here.
 *
 *   host                              worker
 *   start { initializer, … }  ---->                    once, as the first message
 *                             <----   ready            when it can run tasks
 *                             <----   failed           or: the initializer threw
 *   run { id, task, args }    ---->
 *                             <----   progress { id }          any number
 *                             <----   yielded { id }           of a stream, any number
 *   grant { id, count }       ---->                            more values may be yielded
 *   abort { id, reason }      ---->                    while the task runs; again as a question
 *                             <----   aborting { id }          each time: its event loop turns
 *                             <----   skipped { id }           it was withdrawn (see claims.ts), or the worker retires
 *                             <----   resolved { id }
 *                             <----   rejected { id, aborted }
 *   close                     ---->                    it exits with code 0
 *
 * A `run` may be sent before `ready`: the worker runs it after the initializer.
 * Each `run` is answered by one `resolved`, `rejected` or `skipped` with its id,
 * or by the end of the worker. The worker starts the tasks in the order of their
 * `run` messages, at most `capacity` at a time.
 *
 * `body` holds what the user's code gave, as written by the value codec: the
 * arguments, the result, what was thrown. It is apart from the rest, which can
 * always be read: a body that cannot fails its task and nothing else.
 */
import type { CallKind } from '../core/call-kind.ts';
import type { RunTimes } from '../core/clock.ts';
import type { TaskAddress } from '../core/task.ts';
import type { LaneFiles } from './lane-file.ts';
import type { EncodedValue } from './value-codec.ts';

/** Between host and worker, instead of a message: look into your lane. */
export const DOORBELL = 0;

/** The file descriptors of the pipes from and to the host in a worker process. */
export const HOST_TO_WORKER_FD = 3;
export const WORKER_TO_HOST_FD = 4;
/** Those of the files of its lane, if it has one. */
export const LANE_FDS: LaneFiles = { common: 5, runs: [6, 7], answers: [8, 9] };

export interface LaneTerms {
  /** Whether there is another core. Told, since a process takes a while to load node:os. */
  readonly canSpin: boolean;
}

export interface StartMessage {
  readonly type: 'start';
  readonly initializer: TaskAddress | undefined;
  /** The arguments of the initializer; no bytes if there are none. */
  readonly body: EncodedValue;
  /** How many tasks run at once. */
  readonly capacity: number;
  /** Of a process that has a lane. */
  readonly lane?: LaneTerms | undefined;
  /** A worker that uses more memory after a task is to be replaced. In bytes. */
  readonly maxMemory: number;
}

type RunMessage = RunBase & (SmallArguments | EncodedArguments);

interface SmallArguments {
  /** As they are, for which areSmall() was true: most threads never need the value codec. */
  readonly args: readonly unknown[];
}

interface EncodedArguments {
  /** The array of them. */
  readonly body: EncodedValue;
}

interface RunBase {
  readonly type: 'run';
  /** Of the task in this worker: runs that go through a lane tell no more; see lane.ts. */
  readonly number: number;
  /** Undefined if a message before this one has told what has the number. */
  readonly task: TaskAddress | undefined;
  /** Unique among the tasks of this worker. */
  readonly id: number;
  readonly kind: CallKind;
  /** Of a stream: how many values may be yielded before `grant`. */
  readonly room: number;
  /** Its claim word; see claims.ts. */
  readonly place: number;
  /** 1 for the first run, one more for each retry. */
  readonly attempt: number;
  /** Whether the answer, in a message, is to tell when the run began and ended. */
  readonly isTimed: boolean;
}

export type HostMessage =
  | StartMessage
  | RunMessage
  | {
      readonly type: 'abort';
      readonly id: number;
      /** The reason. */
      readonly body: EncodedValue;
    }
  | { readonly type: 'grant'; readonly id: number; readonly count: number }
  | { readonly type: 'close' };

export type WorkerMessage =
  | { readonly type: 'ready' }
  /** `body` is what the initializer threw. */
  | { readonly type: 'failed'; readonly body: EncodedValue }
  | {
      readonly type: 'progress' | 'yielded';
      readonly id: number;
      readonly body: EncodedValue;
    }
  | { readonly type: 'aborting'; readonly id: number }
  | { readonly type: 'skipped'; readonly id: number }
  | {
      readonly type: 'resolved';
      readonly id: number;
      readonly body: EncodedValue;
      /** Whether the worker is to be replaced: it uses too much memory, or the task asked for it. */
      readonly retire: boolean;
      /** Undefined if they were not asked for. */
      readonly times: RunTimes | undefined;
    }
  | {
      readonly type: 'rejected';
      readonly id: number;
      /** What the task threw. */
      readonly body: EncodedValue;
      /** Whether the task threw because it was aborted. */
      readonly aborted: boolean;
      readonly retire: boolean;
      /** Undefined if they were not asked for. */
      readonly times: RunTimes | undefined;
    };
