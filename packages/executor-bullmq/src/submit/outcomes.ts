import {
  decodeResult,
  decodeThrownBody,
} from '@concurrent-executors/executor/backend';
import type { Redis } from 'ioredis';
import { TaskLostError, workersLost } from '../errors.ts';
import type { Names } from '../wire/names.ts';
import type { Signer } from '../wire/signer.ts';
import type { RemoteJob } from './remote-job.ts';

/** What BullMQ writes for a job whose workers stopped to answer too often. */
const STALLED = 'job stalled more than allowable limit';

/** Settles jobs by what a worker has left for them. Each of its jobs may be done already. */
export class Outcomes {
  readonly #redis: Redis;
  readonly #names: Names;
  readonly #signer: Signer;

  constructor(redis: Redis, names: Names, signer: Signer) {
    this.#redis = redis;
    this.#names = names;
    this.#signer = signer;
  }

  returned(job: RemoteJob, body: Uint8Array): void {
    if (job.future.done) return;
    const outcome = decodeResult(job.name, { bytes: body });
    if ('error' in outcome) job.fail(outcome.error);
    else job.succeed(outcome.value);
  }

  /** By what its worker has left in Redis. */
  kept(job: RemoteJob, sealed: Buffer): void {
    const body = this.#unseal(job, 'result', sealed);
    if (body !== undefined) this.returned(job, body);
  }

  /** Its result has a key of its own, which is no longer needed then. */
  async returnedLarge(job: RemoteJob): Promise<void> {
    const key = this.#names.result(job.id);
    // Not removed by the same command: its answer can be lost with the connection.
    const body = await this.#redis.getBuffer(key);
    if (job.future.done) return;
    this.#redis.unlink(key).catch(() => undefined); // it expires
    if (body === null) {
      job.failForGood(
        new TaskLostError(
          `task ${job.name} has returned, but its result is not in Redis any more`,
        ),
      );
    } else {
      this.kept(job, body);
    }
  }

  threw(job: RemoteJob, body: Uint8Array, aborted: boolean): void {
    if (job.future.done) return;
    job.fail(decodeThrownBody({ bytes: body }), aborted);
  }

  /** By the record of a failed job, whose reply was not heard. */
  async failed(job: RemoteJob, reason: string): Promise<void> {
    const key = this.#names.failure(job.id);
    const body = await this.#redis.getBuffer(key);
    if (job.future.done) return;
    if (body !== null) {
      const thrown = this.#unseal(job, 'failure', body);
      if (thrown !== undefined) this.threw(job, thrown, false);
    } else if (reason === STALLED) job.failForGood(workersLost(job.name));
    else {
      job.failForGood(
        new TaskLostError(
          `task ${job.name} has failed (${reason}), but its error is not in Redis any more`,
        ),
      );
    }
  }

  lost(job: RemoteJob): void {
    if (job.future.done) return;
    job.failForGood(
      new TaskLostError(
        `task ${job.name} is not in Redis any more: its data were lost or removed, and whether it has run is not known`,
      ),
    );
  }

  /** Undefined if it is not genuine, of which the job has failed then. */
  #unseal(
    job: RemoteJob,
    what: 'result' | 'failure',
    sealed: Buffer,
  ): Buffer | undefined {
    if (job.future.done) return undefined;
    try {
      return this.#signer.unseal([what, job.id], sealed);
    } catch (error) {
      job.failForGood(error);
      return undefined;
    }
  }
}
