import { TaskNotSerializableError } from '@concurrent-executors/executor';
import {
  Job,
  encodeValue,
  messageOf,
  packed,
  type CallKind,
  type JobOptions,
  type Tally,
  type WorkerInfo,
} from '@concurrent-executors/executor/backend';
import { WorkerLostError } from '../errors.ts';
import { tooLarge } from '../wire/limits.ts';
import type { RunInfo } from '../wire/reply.ts';

/** What a job asks of the executor that sent it. */
export interface JobOwner {
  /** Takes the task out of Redis if no worker has started it; then `later` is called. */
  retract(job: RemoteJob, later: () => void): void;
  /** Has the task end wherever it is. */
  end(job: RemoteJob, reason: unknown): void;
  /** The consumer of a stream has room for so many values in all. */
  grant(job: RemoteJob): void;
  /** It waits no more in Redis: a worker has it, or it is done. */
  waitsNoMore(): void;
  /** It is done, or will be in a moment. May be told twice. */
  leaves(job: RemoteJob): void;
}

export interface RemoteCall {
  readonly name: string;
  readonly kind: CallKind;
  /** The arguments; of a chunk, for each parameter its values. */
  readonly args: readonly unknown[];
  /** Its module and version, for people. */
  readonly module: string;
  /** The queue of its module. */
  readonly queue: string;
  /** Of the module, as this program has it. */
  readonly hash: string;
}

/**
 * A task for a worker on any machine. The worker times and repeats it, so the limits of its
 * run are sent along instead of heeded here.
 *
 * | stage   | the task                                 | cancel()                  |
 * | ------- | ---------------------------------------- | ------------------------- |
 * | local   | is in this program only                  | at once                   |
 * | sending | is on its way to Redis                   | waits for that, then asks |
 * | sent    | is in Redis, or a worker has it          | asks Redis                |
 */
export class RemoteJob extends Job {
  /** Names it in Redis, and tells its runs from those of other calls. */
  readonly id: string;
  readonly call: RemoteCall;
  readonly retries: number;
  readonly timeout: number | undefined;
  stage: 'local' | 'sending' | 'sent' = 'local';
  /** Whether it was taken from the queue and no worker is known to have it. */
  waitsInRedis = false;
  /** Of a stream: the values that there was or is room for. */
  granted: number;
  /** When it was last heard of, by the clock of the event loop. */
  heardAt = 0;
  /** Whether its record was missing when it was last looked for. */
  isMissing = false;
  /** Why it is to end, repeated until it has. */
  ending: { readonly reason: unknown } | undefined;
  #remoteWorker: WorkerInfo | undefined;
  readonly #owner: JobOwner;
  #whenSent: (() => void)[] = [];

  constructor(
    owner: JobOwner,
    call: RemoteCall,
    options: JobOptions,
    tally: Tally,
    id: string,
  ) {
    const { timeout, retries = 0, ...rest } = options;
    super({ options: rest, tally });
    this.id = id;
    this.call = call;
    this.timeout = timeout === Infinity ? undefined : timeout;
    this.retries = retries;
    this.#owner = owner;
    const { sink } = options;
    this.granted = sink?.room ?? 0;
    if (sink !== undefined) {
      sink.grant = (count) => {
        this.granted += count;
        this.#owner.grant(this);
      };
    }
  }

  get name(): string {
    return this.call.name;
  }

  override countCalls(): number {
    if (this.call.kind !== 'chunk') return 1;
    const [column] = this.call.args as readonly ArrayLike<unknown>[]; // what map sends
    return column?.length ?? 0;
  }

  override get worker(): WorkerInfo | undefined {
    return this.#remoteWorker;
  }

  /**
   * The arguments as they are sent.
   *
   * @throws TaskNotSerializableError
   */
  encode(): Uint8Array {
    const { name, kind, args } = this.call;
    try {
      const { bytes } = encodeValue(
        kind === 'chunk'
          ? args.map((column) => packed(column as readonly unknown[])) // what map gives
          : args,
        { transfer: this.options.transfer },
      );
      const reason = tooLarge(bytes.length);
      if (reason !== undefined) throw new RangeError(reason);
      return bytes;
    } catch (cause) {
      throw new TaskNotSerializableError(
        `an argument of task ${name} cannot be sent to a worker: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  /** Redis has it, or has refused it. */
  arrived(): void {
    this.stage = 'sent';
    const whenSent = this.#whenSent;
    this.#whenSent = [];
    for (const act of whenSent) act();
  }

  /** Calls back when the job is in Redis; at once if it is. */
  whenSent(act: () => void): void {
    if (this.stage === 'sent') act();
    else this.#whenSent.push(act);
  }

  /** A worker runs it, for the `attempt`-th time. */
  started({ attempt }: RunInfo, worker: WorkerInfo): void {
    if (attempt <= this.attempt || this.future.done) return;
    this.#remoteWorker = worker;
    this.#waitsNoMore();
    while (this.attempt < attempt) {
      if (this.attempt > 0) this.runLost(earlierRunLost(this.name));
      this.begin();
    }
  }

  /** It may be that nobody has told of its start. */
  override succeed(value: unknown): void {
    if (!this.future.running) this.begin();
    super.succeed(value);
  }

  /** The same; a job that was never begun would count as one to be run again. */
  override fail(error: unknown, aborted = false): boolean {
    if (!this.future.running) this.begin();
    return super.fail(error, aborted);
  }

  // Before the callbacks of the future: they may ask for room.
  override resolve(value: unknown): void {
    this.#leave();
    super.resolve(value);
  }

  override reject(error: unknown): void {
    this.#leave();
    super.reject(error);
  }

  protected override withdraw(later: () => void): boolean {
    if (this.stage === 'local') return this.#takeBack(later);
    this.#owner.retract(this, () => {
      this.#takeBack(later);
      later();
    });
    return false;
  }

  protected stop(reason: unknown): void {
    // In the queue here, it would have been cancelled.
    this.ending = { reason };
    this.#owner.end(this, reason);
  }

  #takeBack(later: () => void): boolean {
    this.#leave();
    return super.withdraw(later);
  }

  #leave(): void {
    this.#waitsNoMore();
    this.#owner.leaves(this);
  }

  #waitsNoMore(): void {
    if (!this.waitsInRedis) return;
    this.waitsInRedis = false;
    this.#owner.waitsNoMore();
  }
}

/** Of a run before the last one it is not told how it ended: its worker may be gone. */
function earlierRunLost(name: string): WorkerLostError {
  return new WorkerLostError(
    `a run of task ${name} has failed, or its worker was lost, and another one has followed`,
  );
}
