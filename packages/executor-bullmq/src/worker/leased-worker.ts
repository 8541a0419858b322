import { Worker, type Job, type Processor, type WorkerOptions } from 'bullmq';
import type { Envelope } from '../wire/envelope.ts';
import type { Arrivals } from './arrivals.ts';
import { HeadStart } from './head-start.ts';
import type { Leases } from './leases.ts';

/** What a worker tells of its jobs. */
interface JobEvents {
  /** The command that finishes the job was just given. */
  readonly committing: (job: Job<Envelope>) => void;
  /** A job was given back; other workers do not know yet. */
  readonly givenBack: () => Promise<unknown>;
}

/**
 * A worker of BullMQ that tells which jobs it has, and when it renews locks and commits
 * results.
 */
export class LeasedWorker extends Worker<Envelope> {
  readonly #leases: Leases;
  /** Taken from the queue, and neither ended nor given back: they are lost with this process. */
  readonly taken = new Set<Job<Envelope>>();
  /** Whether no more jobs are taken for now. */
  takesNone = false;
  readonly #events: JobEvents;
  #capacity: number;
  /** Whether the queue had no job when it was last asked. */
  #isEmpty = true;
  /** How often it asks for a job now. */
  #asking = 0;
  /** That of the last job that came when there was none. */
  #headStart: HeadStart | undefined;
  readonly #arrivals: Arrivals<Job<Envelope>>;
  readonly #leaving = new WeakSet<Job<Envelope>>();

  constructor(
    queue: string,
    processor: Processor<Envelope>,
    options: WorkerOptions,
    leases: Leases,
    arrivals: Arrivals<Job<Envelope>>,
    events: JobEvents,
  ) {
    super(queue, processor, options);
    this.#leases = leases;
    this.#arrivals = arrivals;
    this.#capacity = options.concurrency ?? 1;
    this.#events = events;
  }

  /** Called by BullMQ. Gives the jobs whose locks are lost. */
  override async extendJobLocks(
    ids: string[],
    tokens: string[],
    duration: number,
  ): Promise<string[]> {
    // Not the time of the answer: the lock is as old as the question at most.
    const at = performance.now();
    const lost = await super.extendJobLocks(ids, tokens, duration);
    const gone = new Set(lost);
    this.#leases.renewed(
      ids.filter((id) => !gone.has(id)),
      at,
    );
    for (const id of gone) this.#leases.lost(id);
    return lost;
  }

  /** Whether a job may be on its way here. */
  get isAsking(): boolean {
    return this.#asking > 0;
  }

  /** Called by BullMQ to take a job, also at the end of a wait that began long before. */
  protected override async moveToActive(
    ...question: Parameters<Worker<Envelope>['moveToActive']>
  ): ReturnType<Worker<Envelope>['moveToActive']> {
    const wasLast = (await this.#headStart?.over) === true;
    // As if there were none; typed without undefined, see below.
    if (this.takesNone || wasLast) return undefined as unknown as Job<Envelope>;
    this.#asking += 1;
    try {
      return await super.moveToActive(...question);
    } finally {
      this.#asking -= 1;
    }
  }

  /** Called by BullMQ for each answer to its questions for a job. */
  protected override async nextJobFromJobData(
    ...answer: Parameters<Worker<Envelope>['nextJobFromJobData']>
  ): ReturnType<Worker<Envelope>['nextJobFromJobData']> {
    const job = await super.nextJobFromJobData(...answer);
    // Typed without undefined, which it gives when there is no job.
    if ((job as Job<Envelope> | undefined) === undefined) {
      this.#isEmpty = true;
      this.#setConcurrency();
    } else {
      this.taken.add(job);
      await this.#arrivals.inOrder(job);
    }
    return job;
  }

  /** Called by BullMQ, some time after it has taken the job. */
  override async processJob(
    ...work: Parameters<Worker<Envelope>['processJob']>
  ): ReturnType<Worker<Envelope>['processJob']> {
    const [job, token, mayAsk = () => true] = work;
    // BullMQ asks for a second one when this function returns, before the first one is run.
    const isFirst = this.#isEmpty && this.taken.size === 1;
    const headStart = isFirst ? new HeadStart() : undefined;
    this.#headStart ??= headStart;
    void headStart?.over.then(() => {
      this.#headStart = undefined;
    });
    this.#isEmpty = false;
    this.#setConcurrency();
    try {
      return await super.processJob(job, token, () => {
        const asks = mayAsk();
        if (asks) headStart?.asks();
        return asks;
      });
    } finally {
      headStart?.end(this.#isEmpty);
      // Last of all: it may come here again at once, and BullMQ keeps what it knows of a job
      // by its id.
      if (this.#leaving.has(job)) await this.#moveBack(job, token);
      this.taken.delete(job);
      this.#setConcurrency();
    }
  }

  /** How many jobs may be here at once. */
  setCapacity(capacity: number): void {
    this.#capacity = capacity;
    this.#setConcurrency();
  }

  /**
   * BullMQ looks whether there is a second job before it begins the first one, if it may have
   * more than one. The first one after a pause is not to wait for that.
   */
  #setConcurrency(): void {
    const isAtRest = this.#isEmpty && this.taken.size === 0;
    const concurrency = isAtRest ? 1 : this.#capacity;
    if (this.concurrency !== concurrency) this.concurrency = concurrency;
  }

  /** Has the job go back to its queue when its processor has thrown a WaitingError. */
  giveBack(job: Job<Envelope>): void {
    this.#leaving.add(job);
  }

  /** Called by BullMQ when the processor has returned. */
  protected override handleCompleted(
    ...end: Parameters<Worker<Envelope>['handleCompleted']>
  ): ReturnType<Worker<Envelope>['handleCompleted']> {
    const [, job] = end;
    const handled = super.handleCompleted(...end);
    // It gives the command in microtasks; a tick comes after them. Should that change, the
    // record is not finished yet, and the event `completed` is what is left.
    process.nextTick(() => {
      this.#events.committing(job);
    });
    return handled;
  }

  async #moveBack(job: Job<Envelope>, token: string): Promise<void> {
    try {
      await job.moveToWait(token);
      await this.#events.givenBack();
    } catch (error) {
      // Others have it by now, or will take it when its lock has expired.
      this.emit('error', error as Error); // ioredis and BullMQ throw nothing else
    }
  }
}
