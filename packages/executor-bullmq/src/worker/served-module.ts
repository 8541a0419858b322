import {
  ThreadPoolExecutor,
  type Submitter,
} from '@concurrent-executors/executor';
import {
  encodeThrownBody,
  messageOf,
} from '@concurrent-executors/executor/backend';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { answered } from '../redis/answered.ts';
import { streamLost, WorkerLostError, workersLost } from '../errors.ts';
import type { Control } from '../wire/control.ts';
import {
  base64Of,
  readEnvelope,
  type Envelope,
  type ReturnRecord,
} from '../wire/envelope.ts';
import { INLINE_BYTES, VALUE_TTL } from '../wire/limits.ts';
import type { ModuleIdentity } from '../wire/module-identity.ts';
import { queueName } from '../wire/names.ts';
import type { Report } from '../wire/reply.ts';
import { LastRun } from './last-run.ts';
import { LeasedWorker } from './leased-worker.ts';
import { Leases } from './leases.ts';
import { openJob } from './open-job.ts';
import { Pace } from './pace.ts';
import type { Addressee } from './reply-writer.ts';
import { importModule, serveModule } from './run-sent.ts';
import { RunningJob, type Ending } from './running-job.ts';
import type { Surroundings } from './surroundings.ts';
import { ThreadTasks } from './thread-tasks.ts';

/** So many milliseconds a job may wait here for a thread, when it was taken ahead. */
const PATIENCE = 50;

/** How long BullMQ waits after it could not ask for a job, in milliseconds. */
const RETRY_DELAY = 1_000;

/** What is told of a job once its end is in Redis. */
interface Told {
  readonly report: Report;
  readonly body: Uint8Array | undefined;
  /** Whether it was told of together with its end. */
  isTold?: Promise<boolean>;
}

/**
 * A module whose tasks run here, in threads of its own: the main thread renews the locks.
 *
 *   queue ──> process ──> thread
 *                │
 *                ├──> record of the job: its result ──committed──> reply
 *                └──> back to the queue, if this worker must not end it
 *
 * What is told of the end of a job is told after BullMQ has committed it: until then
 * another worker may have run it, too.
 */
export class ServedModule {
  readonly queue: string;
  readonly #identity: ModuleIdentity;
  readonly #all: Surroundings;
  readonly #pool: ThreadPoolExecutor;
  readonly #tasks: ThreadTasks;
  readonly #leases: Leases;
  readonly #pace: Pace;
  readonly #lastRun: LastRun;
  readonly #running = new Map<string, RunningJob>();
  /** By job, not by id: of a job whose lock was lost at the last moment no end is ever told. */
  readonly #told = new WeakMap<Job<Envelope>, Told>();
  readonly #telling = new Set<Promise<void>>();
  #worker: LeasedWorker | undefined;
  #turn: Promise<void> | undefined;
  #handsAllBack = false;
  /** While more jobs are here than threads. */
  #impatience: NodeJS.Timeout | undefined;
  done = 0;
  failed = 0;

  constructor(url: string, identity: ModuleIdentity, all: Surroundings) {
    this.#identity = identity;
    this.#all = all;
    this.queue = queueName(identity);
    this.#pool = new ThreadPoolExecutor({
      maxWorkers: all.concurrency,
      abortGrace: all.abortGrace,
      namePrefix: identity.id,
      initializer: serveModule,
      initArgs: [url],
    });
    this.#tasks = new ThreadTasks();
    this.#pace = new Pace(all.concurrency);
    this.#lastRun = new LastRun({
      unbegun: (id) => this.#hasUnbegun(id),
      giveBack: () => {
        for (const running of this.#running.values()) running.handBackUnbegun();
      },
    });
    this.#leases = new Leases(all.lockDuration, (id) => {
      all.incident(
        `the lock of job ${id} in ${this.queue} was not renewed in time: its task is ended, and runs elsewhere`,
      );
      this.#running
        .get(id)
        ?.handBack(new WorkerLostError('the worker has lost its connection'));
    });
  }

  get running(): number {
    return this.#running.size;
  }

  /** Imports the module in a thread. @throws what it throws */
  async check(): Promise<void> {
    await this.#pool.submit(importModule);
  }

  start(): void {
    const { redis, names, concurrency, lockDuration, ...all } = this.#all;
    const worker = new LeasedWorker(
      this.queue,
      // BullMQ gives a signal to a processor with three parameters only; the job's own is used.
      (job, token) => this.#process(job, token),
      {
        connection: redis,
        prefix: names.prefix,
        concurrency,
        lockDuration,
        lockRenewTime: lockDuration / 3,
        stalledInterval: all.stalledInterval,
        maxStalledCount: all.maxStalledCount,
        runRetryDelay: RETRY_DELAY,
      },
      this.#leases,
      (job) => {
        this.#tellIfFinished(job);
      },
    );
    worker.on('completed', (job) => {
      this.done += 1;
      this.#track(this.#tell(job));
    });
    worker.on('failed', (job) => {
      // Without an end in its record it is to be run again.
      if (job?.finishedOn === undefined) return;
      this.done += 1;
      this.failed += 1;
      this.#track(this.#tell(job));
    });
    worker.on('error', (error) => {
      all.incident(`${this.queue}: ${error.message}`);
    });
    this.#worker = worker;
  }

  /** False if it is not about a job that runs here. */
  control(control: Control): boolean {
    const running = this.#running.get(control.id);
    if (running === undefined) return false;
    if (control.type === 'abort') running.abort(control.reason);
    else running.grant(control.total);
    return true;
  }

  /** Takes no more jobs, and resolves when those that run have ended. */
  async close(): Promise<void> {
    // A close() that waits for the jobs could not be cut short.
    await this.#worker?.pause();
    // Nobody else tells of the last ones.
    await Promise.all(this.#telling);
    await this.#worker?.close(true);
    clearInterval(this.#impatience);
    await this.#pool.shutdown();
  }

  /** Ends what runs, for other workers to run it again. */
  handBack(): void {
    this.#handsAllBack = true;
    const reason = new WorkerLostError('the worker was stopped');
    for (const running of this.#running.values()) running.handBack(reason);
  }

  /** Ends the threads at once, and leaves Redis to itself. */
  async endThreads(): Promise<void> {
    clearInterval(this.#impatience);
    await this.#pool.terminateWorkers();
  }

  /** Ends at once, whatever runs. */
  async terminate(): Promise<void> {
    await this.endThreads();
    await this.#worker?.close(true);
  }

  async #process(
    job: Job<Envelope>,
    token: string | undefined,
  ): Promise<ReturnRecord> {
    const { id = '' } = job;
    const { processedOn = Date.now() } = job;
    this.#leases.take(id, Date.now() - processedOn);
    try {
      const run = await this.#run(job);
      if (run === 'handed back') {
        await this.#giveBack(job, token);
        throw new WaitingError();
      }
      const { ending, worker } = run;
      const report = {
        attempt: attemptOf(job),
        worker,
        ms: Math.round(ending.ms * 1_000) / 1_000, // in few digits
      };
      if (ending.kind === 'returned') {
        const large = ending.body.length > INLINE_BYTES;
        if (large) await this.#store(this.#all.names.result(id), ending.body);
        this.#told.set(job, {
          report: { type: 'returned', ...(large ? { large } : {}), ...report },
          body: large ? undefined : ending.body,
        });
        return { body: large ? null : base64Of(ending.body) };
      }
      const { attempts = 1 } = job.opts;
      if (!ending.retry || job.attemptsMade + 1 >= attempts) {
        await this.#store(this.#all.names.failure(id), ending.body);
        this.#told.set(job, {
          report: {
            type: 'failed',
            aborted: ending.kind === 'aborted',
            ...report,
          },
          body: ending.body,
        });
      }
      throw ending.retry
        ? new Error(ending.message)
        : new UnrecoverableError(ending.message);
    } finally {
      this.#running.delete(id);
      this.#leases.release(id);
      if (this.#lastRun.release(id)) this.#takeAhead();
    }
  }

  async #giveBack(job: Job<Envelope>, token: string | undefined) {
    const { redis, names, incident } = this.#all;
    try {
      await job.moveToWait(token);
      // Wakes a worker that waits for jobs. BullMQ does that only for jobs without a priority.
      await redis.zadd(`${names.prefix}:${this.queue}:marker`, 0, '0');
    } catch (error) {
      // Others have it by now, or will take it when its lock has expired. Thrown on, this
      // error would become that of the job.
      incident(`${this.queue}: ${messageOf(error)}`);
    }
  }

  /** Whether the job is to be begun here; else it goes back. */
  async #mayBegin({
    id = '',
    stalledCounter,
  }: Job<Envelope>): Promise<boolean> {
    const { maxStalledCount } = this.#all;
    if (this.#lastRun.isHeld) return false;
    if (maxStalledCount > 0 && stalledCounter >= maxStalledCount) {
      const held = this.#lastRun.hold(id);
      this.#takeAhead();
      await held;
    }
    // Either can have come while it was not known to run here.
    return this.#leases.holds(id) && !this.#handsAllBack;
  }

  #hasUnbegun(except: string): boolean {
    return [...(this.#worker?.taken ?? [])].some(
      (id) => id !== except && this.#running.get(id)?.hasBegun !== true,
    );
  }

  async #run(
    job: Job<Envelope>,
  ): Promise<
    { readonly ending: Ending; readonly worker: string } | 'handed back'
  > {
    const { replies, control, places } = this.#all;
    const { id = '', name } = job;
    let opened;
    try {
      opened = await openJob(job, this.queue, this.#identity, this.#all);
    } catch (error) {
      return { ending: refused(error), worker: places.worker };
    }
    if (!(await this.#mayBegin(job))) return 'handed back';
    const { envelope, body } = opened;
    const to: Addressee = { id, replyTo: envelope.replyTo };
    const running = new RunningJob(envelope, places, {
      progress: (value) => {
        replies.tell(to, { type: 'progress' }, value);
      },
      yielded: (value) => {
        replies.tell(to, { type: 'yielded' }, value);
      },
    });
    this.#running.set(id, running);
    const attempt = attemptOf(job);
    replies.started(
      to,
      () => ({ attempt, worker: running.takePlace() }),
      () => running.hasBegun,
    );
    const early = control.takeEarly(id);
    if (early !== undefined) this.control(early);
    await this.#endOfTurn();
    const ending = await running.run(
      this.#submitter(envelope),
      this.#tasks.of(name),
      [name, envelope.kind, attempt, id, body],
    );
    this.#pace.ran(ending.ms);
    this.#takeAhead();
    const worker = running.leavePlace(ending.ms);
    if (!running.handsBack) {
      replies.ran(id);
      return { ending, worker };
    }
    replies.handedBack(to);
    if (ending.kind === 'returned') return { ending, worker };
    // Its values would come again.
    return envelope.kind === 'stream' && running.hasBegun
      ? { ending: refused(streamLost(name)), worker }
      : 'handed back';
  }

  /**
   * Jobs come one after the other, many in one answer of Redis. A thread that has to be
   * woken for each costs more than the job, so they are handed over together.
   */
  #endOfTurn(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      process.nextTick(() => {
        this.#turn = undefined;
        resolve();
      });
    });
    return this.#turn;
  }

  /** Takes as many jobs ahead as the last ones were short. */
  #takeAhead(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    const jobs = this.#lastRun.isHeld ? 1 : this.#pace.jobs;
    if (worker.concurrency !== jobs) worker.concurrency = jobs;
    if (jobs > this.#all.concurrency) this.#watchWaiting();
  }

  /** A job that waits here behind a long task is better off where a thread is free. */
  #watchWaiting(): void {
    this.#impatience ??= setInterval(() => {
      if (this.#running.size <= this.#all.concurrency) {
        clearInterval(this.#impatience);
        this.#impatience = undefined;
        return;
      }
      let isAnyHandedBack = false;
      for (const running of this.#running.values()) {
        if (running.age > PATIENCE && running.handBackUnbegun()) {
          isAnyHandedBack = true;
        }
      }
      // The long task has not ended, and so has not told. Or they would come back at once.
      if (isAnyHandedBack) {
        this.#pace.ran(PATIENCE);
        this.#takeAhead();
      }
    }, PATIENCE);
  }

  #submitter({ timeout }: Envelope): Submitter {
    return timeout === undefined ? this.#pool : this.#pool.with({ timeout });
  }

  async #store(key: string, body: Uint8Array): Promise<void> {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const { redis } = this.#all;
    await answered(() => redis.set(key, bytes, 'EX', VALUE_TTL));
  }

  #track(telling: Promise<void>): void {
    this.#telling.add(telling);
    void telling.finally(() => this.#telling.delete(telling));
  }

  /** The end of the job is on its way to Redis. */
  #tellIfFinished(job: Job<Envelope>): void {
    const told = this.#told.get(job);
    if (told === undefined) return;
    const { id = '' } = job;
    told.isTold = this.#all.replies.endedIfFinished(
      { id, replyTo: job.data.replyTo },
      `${this.#all.names.prefix}:${this.queue}:${id}`,
      told.report,
      told.body,
    );
  }

  /** The end of the job is in Redis. */
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
    await replies.ended(
      { id, replyTo: envelope.replyTo },
      told.report,
      told.body,
    );
  }
}

/** A job that BullMQ has failed, since the workers before this one stopped to answer. */
function lostByOthers(name: string): Told {
  return {
    report: { type: 'failed', aborted: false, attempt: 0, worker: '', ms: 0 },
    body: encodeThrownBody(workersLost(name)).bytes,
  };
}

/** A job that was not run, and is not to be tried again. */
function refused(error: unknown): Ending {
  return {
    kind: 'threw',
    body: encodeThrownBody(error).bytes,
    message: messageOf(error),
    told: false,
    ms: 0,
    retry: false,
  };
}

/** Which run of the job this is. One that was taken and handed back has not run. */
function attemptOf({ attemptsMade, stalledCounter }: Job): number {
  return attemptsMade + stalledCounter + 1;
}
