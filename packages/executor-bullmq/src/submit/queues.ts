import { Queue, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Envelope } from '../wire/envelope.ts';
import type { Names } from '../wire/names.ts';

/** The queues in Redis that tasks were sent to, by name. */
export class Queues {
  readonly #redis: Redis;
  readonly #names: Names;
  readonly #unserved: (module: string) => void;
  readonly #queues = new Map<string, Queue<Envelope>>();

  /** @param unserved told once of each module that has no worker when its queue is first used */
  constructor(redis: Redis, names: Names, unserved: (module: string) => void) {
    this.#redis = redis;
    this.#names = names;
    this.#unserved = unserved;
  }

  /**
   * Resolves when the job is in the queue. One that is in it already is not added again. Not
   * by addBulk(): with its pipeline, jobs of several calls would come out of order, and of a
   * pipeline that was cut off ioredis does not send the rest again.
   *
   * @param module that of the queue, for people
   */
  async add(
    name: string,
    module: string,
    job: { name: string; data: Envelope; opts: JobsOptions },
  ): Promise<void> {
    const known = this.#queues.get(name);
    const queue = known ?? this.#open(name);
    await queue.add(job.name, job.data, job.opts);
    if (known === undefined) void this.#tellIfUnserved(queue, module);
  }

  /** The key of a job of the queue. */
  key(name: string, id: string): string {
    return `${this.#names.prefix}:${name}:${id}`;
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#queues.values()].map((queue) => queue.close()),
    ).catch(() => undefined); // the connection may be gone
  }

  #open(name: string): Queue<Envelope> {
    const queue = new Queue<Envelope>(name, {
      connection: this.#redis,
      prefix: this.#names.prefix,
      // If the question for the version were cut off, the queue could never be used.
      skipVersionCheck: true,
    });
    // The link tells of lost connections, and `add` of what is refused.
    queue.on('error', () => undefined);
    this.#queues.set(name, queue);
    return queue;
  }

  async #tellIfUnserved(queue: Queue<Envelope>, module: string): Promise<void> {
    // A user may not be allowed to see who is connected.
    const workers = await queue.getWorkersCount().catch(() => undefined);
    if (workers === 0) this.#unserved(module);
  }
}
