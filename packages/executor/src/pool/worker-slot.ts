import { TaskNotSerializableError, type WorkerExit } from '../core/errors.ts';
import { decodeThrown } from '../wire/error-codec.ts';
import type { WorkerMessage } from '../wire/protocol.ts';
import type { Job } from './job.ts';
import type { StartWorker, WorkerHandle } from './worker-handle.ts';

/** How long a worker without jobs may take to exit by itself, in milliseconds. */
const CLOSE_GRACE = 5_000;

/**
 * | from     | to       | when                                     |
 * | -------- | -------- | ---------------------------------------- |
 * | starting | ready    | it says that it can run tasks            |
 * | starting | closing  | close()                                  |
 * | ready    | closing  | close()                                  |
 * | any      | exited   | it has ended, asked to or not            |
 */
export type SlotState = 'starting' | 'ready' | 'closing' | 'exited';

/** What the pool wants to know of a slot. */
export interface SlotOwner {
  /** A job is done, or the slot became ready: it may take another job. */
  available(slot: WorkerSlot): void;
  /** @param unfinished the jobs that it had, in the order they were given */
  exited(
    slot: WorkerSlot,
    exit: WorkerExit,
    wasReady: boolean,
    unfinished: readonly Job[],
  ): void;
}

/** One worker and the jobs that it has. */
export class WorkerSlot {
  readonly #handle: WorkerHandle;
  readonly #owner: SlotOwner;
  readonly #capacity: number;
  readonly #jobs = new Map<number, Job>();
  #state: SlotState = 'starting';
  #wasReady = false;
  #lastId = 0;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(
    index: number,
    startWorker: StartWorker,
    capacity: number,
    owner: SlotOwner,
  ) {
    this.#owner = owner;
    this.#capacity = capacity;
    this.#handle = startWorker(index, {
      message: (message) => {
        this.#receive(message);
      },
      exit: (exit) => {
        this.#exit(exit);
      },
    });
  }

  get load(): number {
    return this.#jobs.size;
  }

  get hasRoom(): boolean {
    return (
      (this.#state === 'starting' || this.#state === 'ready') &&
      this.#jobs.size < this.#capacity
    );
  }

  /** Gives the worker a job. A job that cannot be sent is rejected. */
  run(job: Job): void {
    const id = ++this.#lastId;
    try {
      this.#handle.send({ type: 'run', id, task: job.task, args: job.args });
    } catch (cause) {
      job.reject(
        new TaskNotSerializableError(
          `an argument of task ${job.task.name} cannot be sent to a worker: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        ),
      );
      return;
    }
    this.#jobs.set(id, job);
    // A job that a dead worker had not started comes here again, and is running already.
    if (job.future.state === 'pending') job.start();
    this.#handle.keepAlive(true);
  }

  /** Asks the worker to exit; ends it if it has not done so after a grace period. */
  close(): void {
    if (this.#state === 'closing' || this.#state === 'exited') return;
    this.#state = 'closing';
    this.#handle.keepAlive(true);
    this.#handle.send({ type: 'close' });
    this.#closeTimer = setTimeout(() => {
      this.#handle.terminate();
    }, CLOSE_GRACE);
  }

  terminate(): void {
    if (this.#state === 'exited') return;
    this.#handle.keepAlive(true);
    this.#handle.terminate();
  }

  /** An idle worker must not keep the program running. */
  idle(): void {
    if (this.#state !== 'closing' && this.#jobs.size === 0) {
      this.#handle.keepAlive(false);
    }
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'ready') {
      this.#wasReady = true;
      if (this.#state === 'starting') this.#state = 'ready';
      this.#owner.available(this);
      return;
    }
    const job = this.#jobs.get(message.id);
    if (job === undefined) return;
    this.#jobs.delete(message.id);
    // The worker gets its next job before callbacks of this one can take time.
    this.#owner.available(this);
    if (message.type === 'resolved') job.resolve(message.value);
    else job.reject(decodeThrown(message.thrown));
  }

  #exit(exit: WorkerExit): void {
    this.#state = 'exited';
    clearTimeout(this.#closeTimer);
    const unfinished = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#owner.exited(this, exit, this.#wasReady, unfinished);
  }
}
