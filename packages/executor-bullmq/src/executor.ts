import { randomUUID } from 'node:crypto';
import {
  BrokenExecutorError,
  OptionRangeError,
  TaskInvalidError,
  type Future,
  type Task,
} from '@concurrent-executors/executor';
import {
  addressOf,
  BaseExecutor,
  isInlineModule,
  JobQueue,
  monotonicNow,
  shutdownError,
  type CallKind,
  type JobOptions,
  type Stats,
  type TaskFunction,
} from '@concurrent-executors/executor/backend';
import type { RedisConnectionError } from './errors.ts';
import {
  checkMeetingPoint,
  checkTimes,
  checkUnserved,
  type BullMQExecutorOptions,
} from './options.ts';
import { AttachedJobs } from './submit/attached-jobs.ts';
import { Link } from './submit/link.ts';
import { Outcomes } from './submit/outcomes.ts';
import { Queues } from './submit/queues.ts';
import { Records } from './submit/records.ts';
import {
  RemoteJob,
  type JobOwner,
  type RemoteCall,
} from './submit/remote-job.ts';
import { RemoteWorkers } from './submit/remote-workers.ts';
import { Replies, valueIn } from './submit/replies.ts';
import { MAX_PRIORITY, Sender } from './submit/sender.ts';
import { Withdrawal } from './submit/withdrawal.ts';
import { jobId } from './wire/job-id.ts';
import { identifyModule } from './wire/module-identity.ts';
import { queueName } from './wire/names.ts';
import type { Reply } from './wire/reply.ts';

const NAME = 'BullMQExecutor';

function checkPriority(priority = 0): void {
  if (Number.isInteger(priority) && Math.abs(priority) <= MAX_PRIORITY) return;
  throw new OptionRangeError(
    `priority must be an integer from -${String(MAX_PRIORITY)} to ${String(MAX_PRIORITY)} for ${NAME}, got ${String(priority)}`,
  );
}

/** How long aborted tasks may take to end in a shutdown with a time-out, in milliseconds. */
const END_GRACE = 15_000;

/**
 * Runs tasks on any machine where an `executor-worker` serves their module. Tasks run at
 * least once: one whose worker was lost is run again by another one.
 *
 *   submit ──> JobQueue ──Sender──> Redis ──> worker
 *                                                │
 *   future <──Outcomes──┬────── reply stream <───┤
 *                       └─Records─ job records <─┘
 *
 * | state  | to     | when                                                          |
 * | ------ | ------ | ------------------------------------------------------------- |
 * | open   | closed | shutdown()                                                    |
 * | open, closed | broken | Redis is away for disconnectTimeout, or refuses the user |
 */
export class BullMQExecutor extends BaseExecutor {
  /** Not known here: workers come and go. */
  readonly maxWorkers = Infinity;
  protected readonly endGrace = END_GRACE;
  readonly #queue: JobQueue<RemoteJob>;
  /** The jobs that were taken from the queue and are not done, by id. */
  readonly #sent = new Map<string, RemoteJob>();
  readonly #ids = new WeakMap<Future<unknown>, string>();
  readonly #link: Link;
  readonly #queues: Queues;
  readonly #sender: Sender;
  readonly #replies: Replies;
  readonly #outcomes: Outcomes;
  readonly #records: Records;
  readonly #withdrawal: Withdrawal;
  readonly #workers: RemoteWorkers;
  readonly #attached: AttachedJobs;
  readonly #owner: JobOwner;
  /** Names it in Redis. */
  readonly #client = randomUUID();
  /** How many jobs it has made. */
  #count = 0;
  readonly #timer: NodeJS.Timeout;
  #accepting = true;
  #broken: BrokenExecutorError | undefined;
  #closing: Promise<void> | undefined;
  #whenEmpty: (() => void) | undefined;

  /**
   * Connects in the background: a Redis that cannot be reached is known after
   * `disconnectTimeout`.
   *
   * @throws OptionTypeError, OptionRangeError
   */
  constructor(options: BullMQExecutorOptions) {
    super(NAME, options, true, options.name);
    const { settings, names, signer } = checkMeetingPoint(options);
    const { patience, interval } = checkTimes(options);
    const unserved = checkUnserved(options.onUnserved);
    const client = this.#client;
    this.#link = new Link(settings, client, patience, {
      ready: () => {
        this.#replies.open();
        void this.#records.all(performance.now());
      },
      broken: (error) => {
        this.#break(error);
      },
    });
    const { commands } = this.#link;
    this.#queues = new Queues(commands, names, unserved);
    this.#outcomes = new Outcomes(commands, names, signer);
    this.#withdrawal = new Withdrawal(commands, names, signer);
    this.#records = new Records(
      commands,
      this.#queues,
      this.#outcomes,
      this.#sent,
      interval,
    );
    this.#attached = new AttachedJobs(this.#records, interval);
    this.#workers = new RemoteWorkers(this.tally);
    this.#replies = new Replies(
      this.#link,
      names.reply(client),
      signer,
      (reply) => {
        this.#receive(reply);
      },
    );
    this.#queue = new JobQueue(this.maxQueue, () => {
      this.#sender.wake();
    });
    this.#sender = new Sender(
      {
        redis: commands,
        names,
        signer,
        queues: this.#queues,
        replyTo: names.reply(client),
        opened: this.#replies.opened,
        // With a limit of 0 a task can only be passed on.
        window: Math.max(this.maxQueue, 1),
      },
      this.#queue,
      this.#sent,
    );
    this.#owner = {
      retract: (job, later) => {
        this.#withdrawal.retract(job, later);
      },
      end: (job, reason) => {
        this.#withdrawal.end(job, reason);
      },
      grant: (job) => {
        this.#withdrawal.grant(job);
      },
      waitsNoMore: () => {
        this.#sender.waitsNoMore();
        this.roomChanged();
      },
      leaves: (job) => {
        this.#leaves(job);
      },
    };
    this.#timer = setInterval(() => {
      this.#tick();
    }, interval);
    this.#timer.unref();
    void this.#replies.read();
    this.heedSignal();
  }

  /**
   * The id under which the task of a future is known to Redis and the workers, and by which
   * another program can `attach()` to it. It is `taskContext().idempotencyKey` in the task.
   *
   * @returns undefined for a future of another executor
   */
  idOf(future: Future<unknown>): string | undefined {
    return this.#ids.get(future);
  }

  /**
   * A future for a task that another executor has submitted, also one of a program that has
   * ended since. Its progress and its start are not told of; records of finished tasks are
   * kept for an hour, of failed ones for a day.
   *
   * @throws as `submit`
   */
  attach<A extends readonly unknown[], R>(
    task: Task<A, R>,
    id: string,
  ): Future<Awaited<R>> {
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
    // A second job of the same id would take the replies of the first.
    const known =
      this.#sent.get(id) ?? this.#queue.jobs().find((job) => job.id === id);
    if (known !== undefined) return known.future as Future<Awaited<R>>; // as its task says
    const call = this.#callOf(task, 'single', []);
    const job = new RemoteJob(this.#owner, call, {}, this.tally, id);
    this.#watch(job);
    job.arrived();
    this.#attached.add(job);
    return job.future as Future<Awaited<R>>; // as its task says
  }

  protected assertTask(candidate: unknown): void {
    addressOf(candidate);
  }

  protected accept(
    task: TaskFunction,
    args: readonly unknown[],
    options: JobOptions,
    kind: CallKind,
  ): Future<unknown> {
    const call = this.#callOf(task, kind, args);
    checkPriority(options.priority);
    const job = new RemoteJob(
      this.#owner,
      call,
      options,
      this.tally,
      jobId(this.#client, this.#count++),
    );
    this.#watch(job);
    if (job.future.done) return job.future; // its signal was aborted before
    this.#queue.push(job);
    this.#sender.wake();
    return job.future;
  }

  protected refusal(): Error | undefined {
    if (this.#broken !== undefined) return this.#broken;
    return this.#accepting ? undefined : shutdownError(NAME, 'shutdown()');
  }

  protected room(): number {
    if (this.maxQueue === Infinity) return Infinity;
    return Math.max(this.#sender.room - this.#queue.size, 0);
  }

  protected liveJobs(): readonly RemoteJob[] {
    return [
      ...this.#queue.jobs(),
      ...this.#sent.values(),
      ...this.#attached.jobs(),
    ];
  }

  protected workers(): Pick<Stats, 'workers' | 'busyWorkers'> {
    const workers = this.#workers.size;
    return { workers, busyWorkers: Math.min(this.tally.running, workers) };
  }

  protected killedWorkers(): readonly string[] {
    return [];
  }

  protected holdBack(action: () => void): void {
    action(); // what it makes room for is sent when this turn's code is done
  }

  protected close(): Promise<void> {
    this.#accepting = false;
    this.#closing ??= this.#closeWhenDone();
    return this.#closing;
  }

  #callOf(
    task: TaskFunction,
    kind: CallKind,
    args: readonly unknown[],
  ): RemoteCall {
    const { module, name } = addressOf(task);
    if (isInlineModule(module)) {
      throw new TaskInvalidError(
        `the inline task ${name} cannot be sent to other machines: workers run only what they were started with; move it to a module`,
      );
    }
    const identity = identifyModule(module);
    const queue = queueName(identity);
    return {
      name,
      kind,
      args,
      module: `${identity.id}@${identity.version}`,
      queue,
      hash: identity.hash,
    };
  }

  /** To be called first for each job. */
  #watch(job: RemoteJob): void {
    this.#ids.set(job.future, job.id);
    this.#link.keepAlive(true);
    job.watch();
  }

  #receive(reply: Reply): void {
    const job = this.#sent.get(reply.id);
    if (job === undefined) return; // a second reply, or of a task that was given up
    job.heardAt = performance.now();
    const { report, body } = reply;
    if ('worker' in report)
      job.started(report, this.#workers.get(report.worker));
    switch (report.type) {
      case 'started':
        return;
      case 'progress':
        job.progress(valueIn(reply));
        return;
      case 'yielded':
        job.options.sink?.receive(valueIn(reply));
        return;
      case 'returned':
      case 'failed': {
        const endedAt = monotonicNow();
        job.ran({ startedAt: endedAt - report.ms, endedAt });
        if (report.type === 'failed') {
          this.#outcomes.threw(job, body ?? Buffer.of(), report.aborted);
        } else if (report.large === true) {
          this.#outcomes.returnedLarge(job).catch(() => undefined); // its record tells
        } else {
          this.#outcomes.returned(job, body ?? Buffer.of());
        }
      }
    }
  }

  #tick(): void {
    this.#replies.keep();
    for (const job of this.#sent.values()) this.#withdrawal.repeat(job);
    for (const job of this.#attached.jobs()) this.#withdrawal.repeat(job);
    void this.#records.round(performance.now());
  }

  #break(cause: RedisConnectionError): void {
    this.#broken = new BrokenExecutorError(
      `${NAME} is broken: ${cause.message}`,
      {
        cause,
      },
    );
    clearInterval(this.#timer);
    this.#replies.abandon();
    for (const job of this.liveJobs()) {
      if (!job.future.done) job.failForGood(this.#broken);
    }
    this.roomChanged();
  }

  #leaves(job: RemoteJob): void {
    if (this.#sent.get(job.id) === job) this.#sent.delete(job.id);
    this.#attached.delete(job);
    // When its future has changed, and so have the counts.
    queueMicrotask(() => {
      if (this.#hasJobs()) return;
      this.#link.keepAlive(false);
      this.#whenEmpty?.();
    });
  }

  #hasJobs(): boolean {
    return this.#queue.size + this.#sent.size + this.#attached.size > 0;
  }

  async #closeWhenDone(): Promise<void> {
    if (this.#hasJobs()) {
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
    }
    clearInterval(this.#timer);
    this.#workers.clear();
    if (this.#link.isConnected) {
      this.#link.keepAlive(true);
      await Promise.race([this.#replies.close(), this.#link.disconnected()]);
    } else {
      this.#replies.abandon();
    }
    await Promise.all([this.#link.close(), this.#queues.close()]);
  }
}
