import type { WorkerInfo } from '../core/events.ts';
import { Job, type JobTerms } from '../core/job.ts';
import type { TaskAddress } from '../core/task.ts';
import { areSmall, isSmallArgument } from '../wire/small-values.ts';
import type { EncodedValue } from '../wire/value-codec.ts';
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

/** What a worker needs to know of the jobs of a task, besides their arguments. */
export interface PoolTerms extends JobTerms {
  readonly task: TaskAddress;
  readonly kind: CallKind;
}

/** The arguments of a job that has none, or several. */
class Several {
  readonly args: readonly unknown[];

  constructor(args: readonly unknown[]) {
    this.args = args;
  }
}

const nothing = new Several([]);

/** A job for a worker: a call of a task, or a chunk of calls. */
export class PoolJob extends Job {
  declare protected readonly terms: PoolTerms;
  /** Undefined while the job is in the queue. */
  holder: Holder | undefined;
  /** The encoded arguments, until they are sent; none of a small job. */
  body: EncodedValue | undefined;
  /** The only argument, or Several: a job is kept for each task that waits. */
  #input: unknown;

  /** @param args of a chunk, for each parameter its values */
  constructor(terms: PoolTerms, args: readonly unknown[]) {
    super(terms);
    this.#input = args.length === 1 ? args[0] : new Several(args);
    const { sink } = terms.options;
    if (sink !== undefined) {
      sink.grant = (count) => this.holder?.grant(this, count);
    }
  }

  get task(): TaskAddress {
    return this.terms.task;
  }

  get kind(): CallKind {
    return this.terms.kind;
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
    const input = this.#input;
    return input instanceof Several ? input.args : [input];
  }

  /** Whether it goes through a lane as it is: to read its arguments runs no code. */
  get isSmall(): boolean {
    const { kind, options } = this.terms;
    const input = this.#input;
    return (
      kind === 'single' &&
      options.transfer === undefined &&
      (input instanceof Several ? areSmall(input.args) : isSmallArgument(input))
    );
  }

  protected override withdraw(later: () => void): boolean {
    if (this.holder !== undefined && !this.holder.withdraw(this)) return false;
    // The queue keeps a cancelled job until it reaches the front.
    this.#input = nothing;
    this.body = undefined;
    return super.withdraw(later);
  }

  protected stop(reason: unknown): void {
    // In the queue, to be run again: no run is left that could end it.
    if (this.holder === undefined) this.failForGood(this.abortError);
    else this.holder.abort(this, reason);
  }
}
