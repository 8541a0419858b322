import { Worker, type Processor, type WorkerOptions } from 'bullmq';
import type { Envelope } from '../wire/envelope.ts';
import type { Leases } from './leases.ts';

/** A worker of BullMQ that tells when it has renewed its locks. */
export class LeasedWorker extends Worker<Envelope> {
  readonly #leases: Leases;

  constructor(
    queue: string,
    processor: Processor<Envelope>,
    options: WorkerOptions,
    leases: Leases,
  ) {
    super(queue, processor, options);
    this.#leases = leases;
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
