import { TaskNotSerializableError, type WorkerExit } from '../core/errors.ts';
import {
  decodeThrown,
  encodeThrown,
  type EncodedThrown,
} from '../wire/error-codec.ts';
import type { TaskCall, WorkerMessage } from '../wire/protocol.ts';
import type { PoolJob } from './job.ts';
import type { StartWorker, WorkerHandle } from './worker-handle.ts';

/**
 * How long a worker has to answer while jobs beside an aborted one still run, in
 * milliseconds. One that does not is blocked, and these jobs with it.
 */
const LOOP_PATIENCE = 1_000;

/** How long a worker without jobs may take to exit by itself, in milliseconds. */
const CLOSE_GRACE = 5_000;

/**
 * | from             | to      | when                                                     |
 * | ---------------- | ------- | -------------------------------------------------------- |
 * | starting         | ready   | it says that it can run tasks                            |
 * | starting, ready  | closing | close()                                                  |
 * | ready            | retired | it has run its last task, or one that does not end in it |
 * | retired          | closing | its other jobs are done                                  |
 * | any              | exited  | it has ended, asked to or not                            |
 */
export type SlotState = 'starting' | 'ready' | 'retired' | 'closing' | 'exited';

export interface SlotSettings {
  readonly startWorker: StartWorker;
  /** How many jobs it runs at once. */
  readonly capacity: number;
  /** How many jobs it runs in all. */
  readonly maxTasks: number;
  /** Runs before the first job. */
  readonly initializer: TaskCall | undefined;
  /** How long an aborted task may take to end by itself, in milliseconds. */
  readonly abortGrace: number;
}

/** How a worker ended. */
export interface SlotEnd {
  readonly exit: WorkerExit;
  /** False if it never ran a job. */
  readonly wasReady: boolean;
  /** Whether it ended because its initializer threw; that is the cause of `exit`. */
  readonly initializerFailed: boolean;
  /** The jobs that it had, in the order they were given. */
  readonly unfinished: readonly PoolJob[];
}

/** What the pool wants to know of a slot. */
export interface SlotOwner {
  /** The slot may take another job. */
  available(slot: WorkerSlot): void;
  /** The run has failed, and the job is to be run again. */
  again(job: PoolJob): void;
  exited(slot: WorkerSlot, end: SlotEnd): void;
}

/** An abort that the worker was told of and that has not ended its task yet. */
interface Abortion {
  readonly id: number;
  readonly reason: EncodedThrown;
  /** Whether the grace period is over. */
  overdue: boolean;
  /** Whether the worker has answered since it was last told. */
  answered: boolean;
  /** The end of the grace period, then of the patience with the event loop. */
  timer: NodeJS.Timeout | undefined;
}

/** One worker and the jobs that it has. */
export class WorkerSlot {
  readonly #settings: SlotSettings;
  readonly #handle: WorkerHandle;
  readonly #owner: SlotOwner;
  readonly #jobs = new Map<number, PoolJob>();
  readonly #aborted = new Map<PoolJob, Abortion>();
  #state: SlotState = 'starting';
  #wasReady = false;
  #initializerError: { readonly thrown: unknown } | undefined;
  #runs = 0;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(index: number, settings: SlotSettings, owner: SlotOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#handle = settings.startWorker(index, {
      message: (message) => {
        this.#receive(message);
      },
      exit: (exit) => {
        this.#exit(exit);
      },
    });
    this.#handle.send({ type: 'start', initializer: settings.initializer });
  }

  get load(): number {
    return this.#jobs.size;
  }

  get hasRoom(): boolean {
    return (
      (this.#state === 'starting' || this.#state === 'ready') &&
      this.#jobs.size < this.#settings.capacity &&
      this.#runs < this.#settings.maxTasks
    );
  }

  /** Gives the worker a job. A job that cannot be sent is rejected. */
  run(job: PoolJob): void {
    const id = this.#runs + 1;
    const { task, args } = job;
    try {
      this.#handle.send(
        { type: 'run', id, task, args, attempt: job.attempt + 1 },
        job.options.transfer,
      );
    } catch (cause) {
      job.failForGood(
        new TaskNotSerializableError(
          `an argument of task ${job.name} cannot be sent to a worker: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        ),
      );
      return;
    }
    this.#runs = id;
    this.#jobs.set(id, job);
    job.runner = this;
    job.begin();
    this.#handle.keepAlive(true);
  }

  /**
   * Has the task of a running job end: by its signal, or, after the grace period,
   * with the worker. Other jobs of the worker may end first, unless the task
   * blocks them, too.
   */
  abort(job: PoolJob, reason: unknown): void {
    const [id] = [...this.#jobs].find(([, known]) => known === job) ?? [];
    if (id === undefined) return;
    const abortion: Abortion = {
      id,
      reason: this.#encodeReason(reason),
      overdue: false,
      answered: false,
      timer: undefined,
    };
    this.#aborted.set(job, abortion);
    this.#tell(abortion);
    abortion.timer = setTimeout(() => {
      abortion.overdue = true;
      if (this.#state === 'ready') this.#state = 'retired';
      if (!this.#terminateIfOnlyOverdue()) this.#watchLoop(abortion);
    }, this.#settings.abortGrace);
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

  /** An idle worker does not keep the program running, and one that may run nothing more ends. */
  idle(): void {
    if (this.#jobs.size > 0 || this.#state === 'closing') return;
    if (this.#runs >= this.#settings.maxTasks) this.close();
    else this.#handle.keepAlive(false);
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#wasReady = true;
        if (this.#state === 'starting') this.#state = 'ready';
        this.#owner.available(this);
        return;
      case 'failed':
        this.#initializerError = { thrown: decodeThrown(message.thrown) };
        return;
      case 'progress':
        this.#jobs.get(message.id)?.progress(message.value);
        return;
      case 'aborting': {
        const job = this.#jobs.get(message.id);
        const abortion = job && this.#aborted.get(job);
        if (abortion !== undefined) abortion.answered = true;
        return;
      }
      case 'resolved':
      case 'rejected': {
        const job = this.#take(message.id);
        if (job === undefined) return;
        // The worker gets its next job before callbacks of this one can take time.
        this.#owner.available(this);
        if (message.type === 'resolved') {
          job.succeed(message.value);
        } else {
          const thrown = decodeThrown(message.thrown);
          if (job.fail(thrown, message.aborted)) this.#owner.again(job);
        }
      }
    }
  }

  #take(id: number): PoolJob | undefined {
    const job = this.#jobs.get(id);
    if (job === undefined) return undefined;
    this.#jobs.delete(id);
    job.runner = undefined;
    clearTimeout(this.#aborted.get(job)?.timer);
    this.#aborted.delete(job);
    this.#terminateIfOnlyOverdue();
    return job;
  }

  /** A reason that cannot be sent is shown as text. */
  #encodeReason(reason: unknown): EncodedThrown {
    const encoded = encodeThrown(reason);
    try {
      structuredClone(encoded);
      return encoded;
    } catch {
      return encodeThrown(reason, { display: true });
    }
  }

  #tell(abortion: Abortion): void {
    abortion.answered = false;
    const { id, reason } = abortion;
    this.#handle.send({ type: 'abort', id, reason });
  }

  /** Lets the other jobs of the worker end, as long as its event loop turns. */
  #watchLoop(abortion: Abortion): void {
    abortion.timer = setTimeout(() => {
      if (!abortion.answered) {
        this.terminate();
      } else {
        this.#tell(abortion);
        this.#watchLoop(abortion);
      }
    }, LOOP_PATIENCE);
  }

  /** Nothing but tasks that do not end is left in the worker. */
  #terminateIfOnlyOverdue(): boolean {
    const overdue = [...this.#aborted.values()].filter((a) => a.overdue);
    if (overdue.length === 0 || overdue.length < this.#jobs.size) return false;
    this.terminate();
    return true;
  }

  #exit(exit: WorkerExit): void {
    this.#state = 'exited';
    clearTimeout(this.#closeTimer);
    const unfinished = [...this.#jobs.keys()].flatMap(
      (id) => this.#take(id) ?? [],
    );
    const cause = this.#initializerError?.thrown ?? exit.cause;
    this.#owner.exited(this, {
      exit: { ...exit, cause },
      wasReady: this.#wasReady,
      initializerFailed: this.#initializerError !== undefined,
      unfinished,
    });
  }
}
