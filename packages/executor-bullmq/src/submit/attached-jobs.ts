import type { Records } from './records.ts';
import type { RemoteJob } from './remote-job.ts';

/** Milliseconds until an attached job is looked up again; then twice as many, and so on. */
const FIRST_DELAY = 50;

/**
 * Jobs of other submitters. No reply comes for them: their records are looked up. There may be
 * several with the same id, and one that this executor has sent.
 */
export class AttachedJobs {
  readonly #records: Records;
  readonly #longestDelay: number;
  readonly #timers = new Map<RemoteJob, NodeJS.Timeout | undefined>();

  constructor(records: Records, longestDelay: number) {
    this.#records = records;
    this.#longestDelay = longestDelay;
  }

  get size(): number {
    return this.#timers.size;
  }

  jobs(): Iterable<RemoteJob> {
    return this.#timers.keys();
  }

  add(job: RemoteJob): void {
    this.#timers.set(job, undefined);
    void this.#look(job, FIRST_DELAY);
  }

  delete(job: RemoteJob): void {
    clearTimeout(this.#timers.get(job));
    this.#timers.delete(job);
  }

  async #look(job: RemoteJob, delay: number): Promise<void> {
    // Without a connection the next look does it.
    await this.#records.one(job, performance.now()).catch(() => undefined);
    if (!this.#timers.has(job)) return;
    const timer = setTimeout(
      () => void this.#look(job, Math.min(delay * 2, this.#longestDelay)),
      delay,
    );
    this.#timers.set(job, timer);
  }
}
