import { Worker, type Job, type Processor, type WorkerOptions } from 'bullmq';
import { answered } from '../redis/answered.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Leases } from './leases.ts';

/**
 * A worker of BullMQ that tells which jobs it has, and when it renews locks and commits
 * results. */
export class LeasedWorker extends Worker<Envelope> {
  readonly #leases: Leases;
  /** Taken from the queue, and neither ended nor given back: they are lost with this process. */
  readonly taken = new Set<string>();
  readonly #committing: (job: Job<Envelope>) => void;

  /** @param committing called when the command that finishes a job was just given */
  constructor(
    queue: string,
    processor: Processor<Envelope>,
    options: WorkerOptions,
    leases: Leases,
    committing: (job: Job<Envelope>) => void,
  ) {
    super(queue, processor, options);
    this.#leases = leases;
    this.#committing = committing;
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

  /** Called by BullMQ for each answer to its questions for a job. */
  protected override async nextJobFromJobData(
    ...answer: Parameters<Worker<Envelope>['nextJobFromJobData']>
  ): ReturnType<Worker<Envelope>['nextJobFromJobData']> {
    const job = await super.nextJobFromJobData(...answer);
    // Typed without undefined, which it gives when there is no job.
    const id = (job as Job<Envelope> | undefined)?.id;
    if (id !== undefined) this.taken.add(id);
    return job;
  }

  /** Called by BullMQ, some time after it has taken the job. */
  override async processJob(
    ...work: Parameters<Worker<Envelope>['processJob']>
  ): ReturnType<Worker<Envelope>['processJob']> {
    const [{ id = '' }] = work;
    try {
      return await super.processJob(...work);
    } finally {
      this.taken.delete(id);
    }
  }

  /**
   * Called by BullMQ when the processor has returned. If that was cut off, it is done again: BullMQ would have the job fail
   * for it. Done twice, it is refused, as the job is not here any more.
   */
  protected override handleCompleted(
    ...end: Parameters<Worker<Envelope>['handleCompleted']>
  ): ReturnType<Worker<Envelope>['handleCompleted']> {
    const [, job] = end;
    return answered(() => {
      const handled = super.handleCompleted(...end);
      // It gives the command in microtasks; a tick comes after them. Should that change, the
      // record is not finished yet, and the event `completed` is what is left.
      process.nextTick(() => {
        this.#committing(job);
      });
      return handled;
    });
  }

  /** Called by BullMQ. */
  protected override handleFailed(
    ...end: Parameters<Worker<Envelope>['handleFailed']>
  ): ReturnType<Worker<Envelope>['handleFailed']> {
    return answered(() => super.handleFailed(...end));
  }
}
