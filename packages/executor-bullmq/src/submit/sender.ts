import type { JobQueue } from '@concurrent-executors/executor/backend';
import type { Redis } from 'ioredis';
import { sealEnvelope } from '../wire/envelope.ts';
import { INLINE_BYTES, VALUE_TTL } from '../wire/limits.ts';
import type { Names } from '../wire/names.ts';
import type { Signer } from '../wire/signer.ts';
import { withoutCommand } from '../redis/connection.ts';
import { RedisConnectionError } from '../errors.ts';
import { messageOf } from '@concurrent-executors/executor/backend';
import type { Queues } from './queues.ts';
import type { RemoteJob } from './remote-job.ts';

/** So many jobs are sent as one message, and encoded in one turn of the event loop. */
const BATCH = 200;

/** So many batches are on their way at once; the rest can still be cancelled without asking Redis. */
const BATCHES_AHEAD = 4;

/**
 * BullMQ runs jobs without a priority before all others, so every job has one: this less
 * the priority of the task.
 */
const DEFAULT_PRIORITY = 2 ** 20;

/** The highest and, negated, the lowest priority of a task. */
export const MAX_PRIORITY = DEFAULT_PRIORITY - 1;

/** How long BullMQ keeps the records of jobs that are done. */
const REMOVE = {
  removeOnComplete: { age: 3_600, count: 100_000 },
  removeOnFail: { age: 86_400, count: 10_000 },
};

interface Encoded {
  readonly job: RemoteJob;
  readonly body: Uint8Array;
}

export interface SenderSettings {
  readonly redis: Redis;
  readonly names: Names;
  readonly signer: Signer;
  readonly queues: Queues;
  readonly replyTo: string;
  /** Resolves when replies can come. */
  readonly opened: Promise<void>;
  /** How many jobs may wait in Redis. */
  readonly window: number;
}

/**
 * Takes jobs from the queue of this program to those in Redis.
 *
 *   JobQueue ──> batch ──encode──> Redis ──> arrived()
 *
 * Whoever submits many tasks in one go sends them in batches: a message of its own for each
 * would cost more than the rest. A batch is sent when this turn's code is done.
 */
export class Sender {
  readonly #settings: SenderSettings;
  readonly #waiting: JobQueue<RemoteJob>;
  readonly #sent: Map<string, RemoteJob>;
  /** How many jobs wait in Redis for a worker. */
  #inRedis = 0;
  #batches = 0;
  #isDue = false;

  /** @param sent gets the jobs, by id, before they are encoded */
  constructor(
    settings: SenderSettings,
    waiting: JobQueue<RemoteJob>,
    sent: Map<string, RemoteJob>,
  ) {
    this.#settings = settings;
    this.#waiting = waiting;
    this.#sent = sent;
  }

  /** How many more jobs may wait in Redis. */
  get room(): number {
    return Math.max(this.#settings.window - this.#inRedis, 0);
  }

  /** There are jobs, or there is more room for them. */
  wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      while (this.#batches < BATCHES_AHEAD && this.#sendBatch());
    });
  }

  /** A job that waited in Redis has a worker, or is done. */
  waitsNoMore(): void {
    this.#inRedis -= 1;
    this.wake();
  }

  /** False if there was nothing to send. */
  #sendBatch(): boolean {
    const batch = new Map<string, Encoded[]>();
    let size = 0;
    while (size < BATCH && this.room > 0) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      size += 1;
      const body = this.#encode(job);
      if (body === undefined) continue;
      const { queue } = job.call;
      const jobs = batch.get(queue);
      if (jobs === undefined) batch.set(queue, [{ job, body }]);
      else jobs.push({ job, body });
    }
    if (size === 0) return false;
    for (const [queue, jobs] of batch) void this.#send(queue, jobs);
    return true;
  }

  /** Undefined if it is done now: a getter among its arguments may even have cancelled it. */
  #encode(job: RemoteJob): Uint8Array | undefined {
    this.#sent.set(job.id, job);
    this.#inRedis += 1;
    job.waitsInRedis = true;
    try {
      const body = job.encode();
      if (job.future.done) return undefined;
      job.stage = 'sending';
      return body;
    } catch (error) {
      if (!job.future.done) job.failForGood(error);
      return undefined;
    }
  }

  async #send(queue: string, jobs: readonly Encoded[]): Promise<void> {
    this.#batches += 1;
    try {
      await this.#settings.opened;
      await this.#storeLarge(jobs);
      await Promise.all(jobs.map((encoded) => this.#add(queue, encoded)));
    } catch (error) {
      for (const { job } of jobs) failUnlessDone(job, error);
    } finally {
      this.#batches -= 1;
      for (const { job } of jobs) job.arrived();
      this.wake();
    }
  }

  async #add(queue: string, encoded: Encoded): Promise<void> {
    const { job } = encoded;
    try {
      await this.#settings.queues.add(
        queue,
        job.call.module,
        this.#recordOf(queue, encoded),
      );
    } catch (error) {
      failUnlessDone(job, error);
    }
  }

  async #storeLarge(jobs: readonly Encoded[]): Promise<void> {
    const { redis, names } = this.#settings;
    const stored = jobs
      .filter(({ body }) => body.length > INLINE_BYTES)
      .map(({ job, body }) =>
        redis.set(
          names.arguments(job.id),
          Buffer.from(body.buffer, body.byteOffset, body.byteLength),
          'EX',
          VALUE_TTL,
        ),
      );
    if (stored.length > 0) await Promise.all(stored);
  }

  #recordOf(queue: string, { job, body }: Encoded) {
    const { id, name, retries, timeout, options, call } = job;
    const { signer, replyTo } = this.#settings;
    const envelope = sealEnvelope(
      signer,
      { queue, id, name },
      {
        kind: call.kind,
        hash: call.hash,
        replyTo,
        ...(timeout === undefined ? {} : { timeout }),
        ...(options.sink === undefined ? {} : { room: job.granted }),
      },
      body,
      body.length <= INLINE_BYTES,
    );
    return {
      name,
      data: envelope,
      opts: {
        jobId: id,
        attempts: retries + 1,
        priority: DEFAULT_PRIORITY - (options.priority ?? 0),
        ...REMOVE,
      },
    };
  }
}

function failUnlessDone(job: RemoteJob, error: unknown): void {
  if (job.future.done) return;
  const cause = withoutCommand(error);
  job.failForGood(
    new RedisConnectionError(
      `task ${job.name} cannot be queued: ${messageOf(cause)}`,
      { cause },
    ),
  );
}
