import type { WorkerInfo } from '../core/events.ts';
import { Job } from '../core/job.ts';
import type { Tally } from '../core/tally.ts';
import type { TaskAddress } from '../core/task.ts';
import { areSmall, isSmallArgument } from '../wire/small-values.ts';
import type { EncodedValue } from '../wire/value-codec.ts';
import type { JobOptions } from '../core/task-options.ts';
import type { CallKind } from '../core/call-kind.ts';

/** The slot that has a job. */
interface Holder {
  readonly worker: WorkerInfo;
  /** Has a running job end. */
  abort(job: PoolJob, reason: unknown): void;
  /** Takes a job back that was sent ahead. False if it has started. */
  withdraw(job: PoolJob): boolean;
  /** The consumer of a stream has taken so many values. */
  grant(job: PoolJob, count: number): void;
}

/** A call of a task, or a chunk of calls, for a worker. */
export interface PoolCall {
  readonly task: TaskAddress;
  readonly kind: CallKind;
  /** The arguments; of a chunk, for each parameter its values. */
  readonly args: readonly unknown[];
}

/** A job for a worker. */
export class PoolJob extends Job {
  readonly task: TaskAddress;
  readonly kind: CallKind;
  /** Undefined while the job is in the queue. */
  holder: Holder | undefined;
  /** The encoded arguments, until they are sent; none of a small job. */
  body: EncodedValue | undefined;
  /** The only argument, without the array around it: a job is kept for each task that waits. */
  #argument: unknown;
  /** Undefined if there is one argument. */
  #args: readonly unknown[] | undefined;

  constructor(call: PoolCall, options: JobOptions, tally: Tally) {
    super(options, tally);
    this.task = call.task;
    this.kind = call.kind;
    const { args } = call;
    if (args.length === 1) this.#argument = args[0];
    else this.#args = args;
    if (options.sink !== undefined) {
      options.sink.grant = (count) => this.holder?.grant(this, count);
    }
  }

  get name(): string {
    return this.task.label ?? this.task.name;
  }

  override countCalls(): number {
    if (this.kind !== 'chunk') return 1;
    const [column] = this.args as readonly ArrayLike<unknown>[]; // what map sends
    return column?.length ?? 0;
  }

  override get worker(): WorkerInfo | undefined {
    return this.holder?.worker;
  }

  get args(): readonly unknown[] {
    return this.#args ?? [this.#argument];
  }

  /** Whether it goes through a lane as it is: to read its arguments runs no code. */
  get isSmall(): boolean {
    const { sink, transfer } = this.options;
    return (
      this.kind === 'single' &&
      sink === undefined &&
      transfer === undefined &&
      (this.#args === undefined
        ? isSmallArgument(this.#argument)
        : areSmall(this.#args))
    );
  }

  protected override withdraw(later: () => void): boolean {
    if (this.holder !== undefined && !this.holder.withdraw(this)) return false;
    // The queue keeps a cancelled job until it reaches the front.
    this.#args = [];
    this.#argument = undefined;
    this.body = undefined;
    return super.withdraw(later);
  }

  protected stop(reason: unknown): void {
    // In the queue, to be run again: no run is left that could end it.
    if (this.holder === undefined) this.failForGood(this.abortError);
    else this.holder.abort(this, reason);
  }
}
