import {
  ThreadPoolExecutor,
  type Submitter,
} from '@concurrent-executors/executor';
import type { Job } from 'bullmq';
import { streamLost } from '../errors.ts';
import type { Control } from '../wire/control.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Arrivals } from './arrivals.ts';
import { attemptOf } from './attempt.ts';
import { refused } from './endings.ts';
import type { OpenedJob } from './open-job.ts';
import { Pace } from './pace.ts';
import { importModule, serveModule } from './run-sent.ts';
import { RunningJob, type Ending } from './running-job.ts';
import type { Surroundings } from './surroundings.ts';
import { ThreadTasks } from './thread-tasks.ts';

/** So many milliseconds a job may wait here for a thread, when it was taken ahead. */
const PATIENCE = 100;

/** How a run has ended, and the name of the place where it was. */
export interface Run {
  readonly ending: Ending;
  readonly worker: string;
}

/** The threads that run the tasks of one module, and the jobs that are in them or wait for one. */
export class JobRunner {
  readonly #all: Surroundings;
  readonly #arrivals: Arrivals<Job<Envelope>>;
  readonly #paceChanged: () => void;
  readonly #pool: ThreadPoolExecutor;
  readonly #tasks = new ThreadTasks();
  readonly #pace: Pace;
  readonly #running = new Map<string, RunningJob>();
  /** While more jobs are here than threads. */
  #impatience: NodeJS.Timeout | undefined;

  /**
   * @param url of the module
   * @param paceChanged called when `capacity` may have changed
   */
  constructor(
    url: string,
    name: string,
    all: Surroundings,
    arrivals: Arrivals<Job<Envelope>>,
    paceChanged: () => void,
  ) {
    this.#all = all;
    this.#arrivals = arrivals;
    this.#paceChanged = paceChanged;
    this.#pool = new ThreadPoolExecutor({
      maxWorkers: all.concurrency,
      abortGrace: all.abortGrace,
      namePrefix: name,
      initializer: serveModule,
      initArgs: [url],
    });
    this.#pace = new Pace(all.concurrency);
  }

  /** How many jobs are here. */
  get size(): number {
    return this.#running.size;
  }

  /** How many jobs may be here: more than threads, if the last ones were short. */
  get capacity(): number {
    return this.#pace.jobs;
  }

  /** Imports the module in a thread. @throws what it throws */
  async check(): Promise<void> {
    await this.#pool.submit(importModule);
  }

  get(id: string): RunningJob | undefined {
    return this.#running.get(id);
  }

  /** False if it is not about a job that is here. */
  control(control: Control): boolean {
    const running = this.#running.get(control.id);
    if (running === undefined) return false;
    if (control.type === 'abort') running.abort(control.reason);
    else running.grant(control.total);
    return true;
  }

  /** Runs the job; undefined if it is to go back to its queue. */
  async run(
    job: Job<Envelope>,
    { envelope, body }: OpenedJob,
  ): Promise<Run | undefined> {
    const { replies, control, places } = this.#all;
    const { id = '', name } = job;
    const to = { id, replyTo: envelope.replyTo };
    const running = new RunningJob(envelope, places, {
      progress: (value) => {
        replies.tell(to, { type: 'progress' }, value);
      },
      yielded: (value) => {
        replies.tell(to, { type: 'yielded' }, value);
      },
    });
    this.#running.set(id, running);
    const attempt = attemptOf(job);
    replies.started(
      to,
      () => ({ attempt, worker: running.takePlace() }),
      () => running.hasBegun,
    );
    const early = control.takeEarly(id);
    if (early !== undefined) this.control(early);
    await this.#arrivals.all();
    const ending = await running.run(
      this.#submitter(envelope),
      this.#tasks.of(name),
      [name, envelope.kind, attempt, id, body],
    );
    this.#setPace(ending.ms);
    const worker = running.leavePlace(ending.ms);
    if (!running.handsBack) {
      replies.ran(id);
      return { ending, worker };
    }
    replies.handedBack(to);
    if (ending.kind === 'returned') return { ending, worker };
    // Its values would come again.
    return envelope.kind === 'stream' && running.hasBegun
      ? { ending: refused(streamLost(name)), worker }
      : undefined;
  }

  /** The job is not here any more. */
  delete(id: string): void {
    this.#running.delete(id);
  }

  /** Ends what runs, for other workers to run it again. */
  handBack(reason: unknown): void {
    for (const running of this.#running.values()) running.handBack(reason);
  }

  /** The same for the jobs that no thread has begun. Gives whether there were any. */
  handBackUnbegun(age = 0): boolean {
    let isAny = false;
    for (const running of this.#running.values()) {
      if (running.age >= age && running.handBackUnbegun()) isAny = true;
    }
    return isAny;
  }

  /** To be called when no job is here. */
  async close(): Promise<void> {
    clearInterval(this.#impatience);
    await this.#pool.shutdown();
  }

  /** Ends the threads at once, whatever they run. */
  async terminate(): Promise<void> {
    clearInterval(this.#impatience);
    await this.#pool.terminateWorkers();
  }

  #setPace(duration: number): void {
    this.#pace.ran(duration);
    this.#paceChanged();
    if (this.#pace.jobs > this.#all.concurrency) this.#watchWaiting();
  }

  /** A job that waits here behind a long task is better off where a thread is free. */
  #watchWaiting(): void {
    this.#impatience ??= setInterval(() => {
      if (this.#running.size <= this.#all.concurrency) {
        clearInterval(this.#impatience);
        this.#impatience = undefined;
      } else if (this.handBackUnbegun(PATIENCE)) {
        // The long task has not ended, and so has not told. Or they would come back at once.
        this.#setPace(PATIENCE);
      }
    }, PATIENCE);
  }

  #submitter({ timeout }: Envelope): Submitter {
    return timeout === undefined ? this.#pool : this.#pool.with({ timeout });
  }
}
