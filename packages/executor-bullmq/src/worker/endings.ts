import {
  encodeThrownBody,
  messageOf,
} from '@concurrent-executors/executor/backend';
import { UnrecoverableError, type Job } from 'bullmq';
import { workersLost } from '../errors.ts';
import {
  base64Of,
  readEnvelope,
  type Envelope,
  type ReturnRecord,
} from '../wire/envelope.ts';
import { INLINE_BYTES, VALUE_TTL } from '../wire/limits.ts';
import type { Report } from '../wire/reply.ts';
import { attemptOf } from './attempt.ts';
import type { Ending } from './running-job.ts';
import type { Surroundings } from './surroundings.ts';

/** What is told of a job once its end is in Redis. */
interface Told {
  readonly report: Report;
  readonly body: Uint8Array | undefined;
  /** Whether it was told of together with its end. */
  isTold?: Promise<boolean>;
}

/**
 * The ends of the jobs of one queue: what Redis keeps of them, and what submitters are told.
 *
 *   record() ──> BullMQ writes it ──committing()──> reply, if it is written by then
 *                        └──────────ended()───────> reply, if there was none
 *
 * An end is told after BullMQ has committed it: until then another worker may have run the
 * job, too.
 */
export class Endings {
  readonly #queue: string;
  readonly #all: Surroundings;
  /** By job, not by id: of a job whose lock was lost at the last moment no end is ever told. */
  readonly #told = new WeakMap<Job<Envelope>, Told>();
  readonly #telling = new Set<Promise<void>>();

  constructor(queue: string, all: Surroundings) {
    this.#queue = queue;
    this.#all = all;
  }

  /**
   * Keeps what the run has given. Gives the record of a job that has returned.
   *
   * @param worker the name of the place where it ran
   * @throws UnrecoverableError, or an Error if it is to be run again while retries are left
   */
  async record(
    job: Job<Envelope>,
    ending: Ending,
    worker: string,
  ): Promise<ReturnRecord> {
    const { names, signer } = this.#all;
    const { id = '', attemptsMade } = job;
    const { kind, body, message, retry } = ending;
    const report = {
      attempt: attemptOf(job),
      worker,
      ms: Math.round(ending.ms * 1_000) / 1_000, // in few digits
    };
    if (kind === 'returned') {
      const sealed = signer.seal(['result', id], body);
      const large = body.length > INLINE_BYTES;
      if (large) await this.#store(names.result(id), sealed);
      this.#told.set(job, {
        report: { type: 'returned', ...(large ? { large } : {}), ...report },
        body: large ? undefined : body,
      });
      return { body: large ? null : base64Of(sealed) };
    }
    const { attempts = 1 } = job.opts;
    if (!retry || attemptsMade + 1 >= attempts) {
      await this.#store(names.failure(id), signer.seal(['failure', id], body));
      this.#told.set(job, {
        report: { type: 'failed', aborted: kind === 'aborted', ...report },
        body,
      });
    }
    throw retry ? new Error(message) : new UnrecoverableError(message);
  }

  /** The command that finishes the job was just given. */
  committing(job: Job<Envelope>): void {
    const told = this.#told.get(job);
    if (told === undefined) return;
    const { id = '' } = job;
    told.isTold = this.#all.replies.endedIfFinished(
      { id, replyTo: job.data.replyTo },
      `${this.#all.names.prefix}:${this.#queue}:${id}`,
      told.report,
      told.body,
    );
  }

  /** The end of the job is in Redis. */
  ended(job: Job<Envelope>): void {
    const telling = this.#tell(job);
    this.#telling.add(telling);
    void telling.finally(() => this.#telling.delete(telling));
  }

  /** Resolves when all is told of the jobs that have ended. */
  async allTold(): Promise<void> {
    await Promise.all(this.#telling);
  }

  async #tell(job: Job<Envelope>): Promise<void> {
    const { id = '', name } = job;
    const { redis, names, replies } = this.#all;
    const told = this.#told.get(job) ?? lostByOthers(name);
    const envelope = readEnvelope(job.data);
    if (envelope === undefined) return; // nobody to tell
    if (envelope.body === null) {
      redis.unlink(names.arguments(id)).catch(() => undefined); // it expires
    }
    if ((await told.isTold) === true) return;
    const to = { id, replyTo: envelope.replyTo };
    await replies.ended(to, told.report, told.body);
  }

  async #store(key: string, bytes: Buffer): Promise<void> {
    const { redis } = this.#all;
    await redis.set(key, bytes, 'EX', VALUE_TTL);
  }
}

/** The end of a job that was not run, and is not to be tried again. */
export function refused(error: unknown): Ending {
  return {
    kind: 'threw',
    body: encodeThrownBody(error).bytes,
    message: messageOf(error),
    told: false,
    ms: 0,
    retry: false,
  };
}

/** A job that BullMQ has failed, since the workers before this one stopped to answer. */
function lostByOthers(name: string): Told {
  return {
    report: { type: 'failed', aborted: false, attempt: 0, worker: '', ms: 0 },
    body: encodeThrownBody(workersLost(name)).bytes,
  };
}
