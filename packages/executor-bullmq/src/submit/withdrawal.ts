import type { Redis } from 'ioredis';
import { writeControl } from '../wire/control.ts';
import type { Names } from '../wire/names.ts';
import type { Signer } from '../wire/signer.ts';
import type { RemoteJob } from './remote-job.ts';

/**
 * Removes a job that waits. Of the structures of BullMQ it needs the set `prioritized`, where
 * every job of ours is until it is started, the list `wait`, where it is after its worker was
 * lost, and the fields `atm` and `stc` of its record: how often it has failed, and how often
 * its worker was lost. That it was started (`ats`) does not mean that it has run.
 *
 * KEYS: prioritized, wait, record. ARGV: id, whether also if it was started before.
 * 1: removed, it was never started; 2: removed, it was; 0: it does not wait.
 */
const REMOVE = `
local started = tonumber(redis.call('HGET', KEYS[3], 'atm') or '0')
  + tonumber(redis.call('HGET', KEYS[3], 'stc') or '0')
if started > 0 and ARGV[2] == '0' then return 0 end
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0
  and redis.call('LREM', KEYS[2], 1, ARGV[1]) == 0 then return 0 end
redis.call('DEL', KEYS[3])
return started > 0 and 2 or 1`;

const NAME = 'withdrawJob';

/** Redis with the script. */
interface Scripted {
  [NAME](
    prioritized: string,
    wait: string,
    record: string,
    id: string,
    evenIfStarted: '0' | '1',
  ): Promise<number>;
}

/** Ends tasks before their time: takes them out of their queue, or tells their worker. */
export class Withdrawal {
  readonly #redis: Redis & Scripted;
  readonly #names: Names;
  readonly #signer: Signer;

  constructor(redis: Redis, names: Names, signer: Signer) {
    redis.defineCommand(NAME, { numberOfKeys: 3, lua: REMOVE });
    this.#redis = redis as Redis & Scripted; // just defined
    this.#names = names;
    this.#signer = signer;
  }

  /** Calls back if the job was taken out before it has ever started. */
  retract(job: RemoteJob, later: () => void): void {
    job.whenSent(() => {
      void this.#remove(job, '0').then((removed) => {
        if (removed === 1 && !job.future.done) later();
      });
    });
  }

  /** Has the task end, wherever it is. */
  end(job: RemoteJob, reason: unknown): void {
    job.whenSent(() => {
      void this.#remove(job, '1').then((removed) => {
        if (job.future.done) return;
        // Of its former run no worker is left that could tell how it ended.
        if (removed > 0) job.failForGood(job.abortError);
        else this.#tell({ type: 'abort', id: job.id, reason });
      });
    });
  }

  /** Says again what may not have been heard. */
  repeat(job: RemoteJob): void {
    if (job.ending !== undefined) this.end(job, job.ending.reason);
    else if (job.options.sink !== undefined) this.grant(job);
  }

  grant({ id, granted }: RemoteJob): void {
    this.#tell({ type: 'grant', id, total: granted });
  }

  #tell(control: Parameters<typeof writeControl>[1]): void {
    this.#redis
      .publish(this.#names.control, writeControl(this.#signer, control))
      .catch(() => undefined); // it is said again
  }

  async #remove(job: RemoteJob, evenIfStarted: '0' | '1'): Promise<number> {
    if (job.future.done) return 0;
    const { id, call } = job;
    const queue = `${this.#names.prefix}:${call.queue}`;
    try {
      return await this.#redis[NAME](
        `${queue}:prioritized`,
        `${queue}:wait`,
        `${queue}:${id}`,
        id,
        evenIfStarted,
      );
    } catch {
      return 0; // without a connection: an abort is said again
    }
  }
}
