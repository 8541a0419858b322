import {
  Worker,
  type Job,
  type Processor,
  type Span,
  type WorkerOptions,
} from 'bullmq';
import type { Envelope } from '../wire/envelope.ts';
import type { Leases } from './leases.ts';

interface JobEvents {
  /** The command that finishes the job was just given. */
  readonly committing: (job: Job<Envelope>) => void;
  /** The worker has no more to do with the job, whatever has become of it. */
  readonly over: (job: Job<Envelope>) => void;
}

/** A worker of BullMQ that tells when it renews locks and commits results. */
export class LeasedWorker extends Worker<Envelope> {
  readonly #leases: Leases;
  readonly #events: JobEvents;

  constructor(
    queue: string,
    processor: Processor<Envelope>,
    options: WorkerOptions,
    leases: Leases,
    events: JobEvents,
  ) {
    super(queue, processor, options);
    this.#leases = leases;
    this.#events = events;
  }

  /** Called by BullMQ for each job. */
  override async processJob(
    job: Job<Envelope>,
    token: string,
    fetchNext?: () => boolean,
  ): ReturnType<Worker<Envelope>['processJob']> {
    try {
      return await super.processJob(job, token, fetchNext);
    } finally {
      this.#events.over(job);
    }
  }

  /** Called by BullMQ when the processor has returned. */
  protected override handleCompleted(
    result: unknown,
    job: Job<Envelope>,
    token: string,
    fetchNext?: () => boolean,
    span?: Span,
  ): Promise<Job<Envelope>> {
    const handled = super.handleCompleted(result, job, token, fetchNext, span);
    // It gives the command in microtasks; a tick comes after them. Should that change, the
    // record is not finished yet, and the event `completed` is what is left.
    process.nextTick(() => {
      this.#events.committing(job);
    });
    return handled;
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
}
