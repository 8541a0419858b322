import type { Redis } from 'ioredis';
import type { ReturnRecord } from '../wire/envelope.ts';
import type { Outcomes } from './outcomes.ts';
import type { Queues } from './queues.ts';
import type { RemoteJob } from './remote-job.ts';

/** So many records are asked for at once. */
const BATCH = 500;

/** In each round as many jobs are looked at as to see all within so many rounds. */
const ROUNDS = 10;

/**
 * Looks up what has become of jobs in Redis, for those whose reply was never heard: a worker
 * may have died after it had finished a task, and a stream can be lost with the data of Redis.
 *
 * Of a job that was heard of or looked up within `interval` nothing is asked.
 */
export class Records {
  readonly #redis: Redis;
  readonly #queues: Queues;
  readonly #outcomes: Outcomes;
  readonly #jobs: ReadonlyMap<string, RemoteJob>;
  readonly #interval: number;
  #isLooking = false;

  constructor(
    redis: Redis,
    queues: Queues,
    outcomes: Outcomes,
    jobs: ReadonlyMap<string, RemoteJob>,
    interval: number,
  ) {
    this.#redis = redis;
    this.#queues = queues;
    this.#outcomes = outcomes;
    this.#jobs = jobs;
    this.#interval = interval;
  }

  /** Looks at those that were not heard of for longest. */
  async round(now: number): Promise<void> {
    const overdue = [...this.#jobs.values()].filter(
      (job) => job.stage === 'sent' && now - job.heardAt >= this.#interval,
    );
    overdue.sort((a, b) => a.heardAt - b.heardAt);
    const count = Math.max(BATCH * 2, Math.ceil(overdue.length / ROUNDS));
    await this.#look(overdue.slice(0, count), now);
  }

  /** Looks at all: Redis may have lost them. */
  async all(now: number): Promise<void> {
    const sent = [...this.#jobs.values()].filter((job) => job.stage === 'sent');
    await this.#look(sent, now);
  }

  /** Resolves when the job was looked at, and settled if it is done. */
  async one(job: RemoteJob, now: number): Promise<void> {
    await this.#lookAt(job, now);
  }

  async #look(jobs: readonly RemoteJob[], now: number): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (let from = 0; from < jobs.length; from += BATCH) {
        await Promise.all(
          jobs.slice(from, from + BATCH).map((job) => this.#lookAt(job, now)),
        );
      }
    } catch {
      // Without a connection the next round does it.
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(job: RemoteJob, now: number): Promise<void> {
    const [name, finishedOn, returned, failedReason] = await this.#redis.hmget(
      this.#queues.key(job.call.queue, job.id),
      'name',
      'finishedOn',
      'returnvalue',
      'failedReason',
    );
    if (job.future.done) return;
    job.heardAt = now;
    if (typeof name !== 'string') {
      // Its last reply may be under way: it counts as lost if it is not there next time.
      if (job.isMissing) this.#outcomes.lost(job);
      job.isMissing = true;
      return;
    }
    job.isMissing = false;
    if (typeof finishedOn !== 'string') return;
    if (typeof returned !== 'string') {
      await this.#outcomes.failed(job, failedReason ?? '');
      return;
    }
    const { body } = JSON.parse(returned) as ReturnRecord; // as a worker writes it
    if (body === null) await this.#outcomes.returnedLarge(job);
    else this.#outcomes.kept(job, Buffer.from(body, 'base64'));
  }
}
