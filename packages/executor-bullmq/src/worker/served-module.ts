import { WaitingError, type Job } from 'bullmq';
import { WorkerLostError } from '../errors.ts';
import type { Control } from '../wire/control.ts';
import type { Envelope, ReturnRecord } from '../wire/envelope.ts';
import { byPlaceInQueue } from '../wire/job-id.ts';
import type { ModuleIdentity } from '../wire/module-identity.ts';
import { queueName } from '../wire/names.ts';
import { Arrivals } from './arrivals.ts';
import { Endings, refused } from './endings.ts';
import { JobRunner, type Run } from './job-runner.ts';
import { LastRun } from './last-run.ts';
import { LeasedWorker } from './leased-worker.ts';
import { Leases } from './leases.ts';
import { openJob, type OpenedJob } from './open-job.ts';
import type { Surroundings } from './surroundings.ts';

/** How long BullMQ waits after it could not ask for a job, in milliseconds. */
const RETRY_DELAY = 1_000;

/**
 * A module whose tasks run here, in threads of its own: the main thread renews the locks.
 *
 *   queue ──LeasedWorker──> process ──JobRunner──> thread
 *                              │
 *                              ├──Endings──> record of the job, reply
 *                              └──> back to the queue, if this worker must not end it
 */
export class ServedModule {
  readonly queue: string;
  readonly #identity: ModuleIdentity;
  readonly #all: Surroundings;
  readonly #arrivals = new Arrivals<Job<Envelope>>(byPlaceInQueue);
  readonly #runner: JobRunner;
  readonly #endings: Endings;
  readonly #leases: Leases;
  readonly #lastRun: LastRun;
  #worker: LeasedWorker | undefined;
  #handsAllBack = false;
  done = 0;
  failed = 0;

  constructor(url: string, identity: ModuleIdentity, all: Surroundings) {
    this.#identity = identity;
    this.#all = all;
    this.queue = queueName(identity);
    this.#runner = new JobRunner(url, identity.id, all, this.#arrivals, () => {
      this.#takeAhead();
    });
    this.#endings = new Endings(this.queue, all);
    this.#lastRun = new LastRun({
      unbegun: (id) => this.#hasUnbegun(id),
      giveBack: () => {
        this.#runner.handBackUnbegun();
      },
    });
    this.#leases = new Leases(all.lockDuration, (id) => {
      all.incident(
        `the lock of job ${id} in ${this.queue} was not renewed in time: its task is ended, and runs elsewhere`,
      );
      this.#runner
        .get(id)
        ?.handBack(new WorkerLostError('the worker has lost its connection'));
    });
  }

  get running(): number {
    return this.#runner.size;
  }

  /** Imports the module in a thread. @throws what it throws */
  async check(): Promise<void> {
    await this.#runner.check();
  }

  start(): void {
    const { redis, names, concurrency, lockDuration, ...all } = this.#all;
    const worker = new LeasedWorker(
      this.queue,
      // BullMQ gives a signal to a processor with three parameters only; the job's own is used.
      (job) => this.#process(job),
      {
        connection: redis,
        prefix: names.prefix,
        concurrency,
        lockDuration,
        lockRenewTime: lockDuration / 3,
        stalledInterval: all.stalledInterval,
        maxStalledCount: all.maxStalledCount,
        runRetryDelay: RETRY_DELAY,
      },
      this.#leases,
      this.#arrivals,
      {
        committing: (job) => {
          this.#endings.committing(job);
        },
        // BullMQ wakes a worker only for jobs without a priority.
        givenBack: () =>
          redis.zadd(`${names.prefix}:${this.queue}:marker`, 0, '0'),
      },
    );
    worker.on('completed', (job) => {
      this.done += 1;
      this.#endings.ended(job);
    });
    worker.on('failed', (job) => {
      // Without an end in its record it is to be run again.
      if (job?.finishedOn === undefined) return;
      this.done += 1;
      this.failed += 1;
      this.#endings.ended(job);
    });
    worker.on('error', (error) => {
      all.incident(`${this.queue}: ${error.message}`);
    });
    this.#worker = worker;
  }

  /** False if it is not about a job that runs here. */
  control(control: Control): boolean {
    return this.#runner.control(control);
  }

  /** Takes no more jobs, and resolves when those that run have ended. */
  async close(): Promise<void> {
    // A close() that waits for the jobs could not be cut short.
    await this.#worker?.pause();
    // Nobody else tells of the last ones.
    await this.#endings.allTold();
    await this.#worker?.close(true);
    await this.#runner.close();
  }

  /** Ends what runs, for other workers to run it again. */
  handBack(): void {
    this.#handsAllBack = true;
    this.#runner.handBack(new WorkerLostError('the worker was stopped'));
  }

  /** Ends the threads at once, and leaves Redis to itself. */
  async endThreads(): Promise<void> {
    await this.#runner.terminate();
  }

  /** Ends at once, whatever runs. */
  async terminate(): Promise<void> {
    await this.endThreads();
    await this.#worker?.close(true);
  }

  async #process(job: Job<Envelope>): Promise<ReturnRecord> {
    const { id = '' } = job;
    const { processedOn = Date.now() } = job;
    this.#leases.take(id, Date.now() - processedOn);
    try {
      const run = await this.#run(job);
      if (run !== undefined) {
        return await this.#endings.record(job, run.ending, run.worker);
      }
      this.#worker?.giveBack(job);
      throw new WaitingError();
    } finally {
      this.#runner.delete(id);
      this.#leases.release(id);
      if (this.#lastRun.release(id)) this.#takeAhead();
    }
  }

  /** Undefined if the job is to go back to its queue. */
  async #run(job: Job<Envelope>): Promise<Run | undefined> {
    let opened: OpenedJob;
    try {
      opened = await openJob(job, this.queue, this.#identity, this.#all);
    } catch (error) {
      return { ending: refused(error), worker: this.#all.places.worker };
    }
    return (await this.#mayBegin(job))
      ? await this.#runner.run(job, opened)
      : undefined;
  }

  /** Whether the job is to be begun here; else it goes back. */
  async #mayBegin({
    id = '',
    stalledCounter,
  }: Job<Envelope>): Promise<boolean> {
    const { maxStalledCount } = this.#all;
    if (this.#lastRun.isHeld) return false;
    if (maxStalledCount > 0 && stalledCounter >= maxStalledCount) {
      const held = this.#lastRun.hold(id);
      this.#takeAhead();
      await held;
    }
    // Either can have come while it was not known to run here.
    return this.#leases.holds(id) && !this.#handsAllBack;
  }

  #hasUnbegun(except: string): boolean {
    const worker = this.#worker;
    if (worker === undefined) return false;
    return (
      worker.isAsking ||
      [...worker.taken].some(
        ({ id = '' }) =>
          id !== except && this.#runner.get(id)?.hasBegun !== true,
      )
    );
  }

  /** Takes as many jobs as are to be here. */
  #takeAhead(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.takesNone = this.#lastRun.isHeld;
    worker.setCapacity(worker.takesNone ? 1 : this.#runner.capacity);
  }
}
