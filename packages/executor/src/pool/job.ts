import type { WorkerInfo } from '../core/events.ts';
import { Job, type JobTerms } from '../core/job.ts';
import type { TaskAddress } from '../core/task.ts';
import { areSmall, Several } from '../wire/small-values.ts';
import type { EncodedValue } from '../wire/value-codec.ts';
import type { CallKind } from '../core/call-kind.ts';
import type { StreamSink } from '../core/task-stream.ts';

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

const nothing = new Several([]);

/** Apart: a constructor with a closure takes memory for it with each job. */
function takeGrants(job: PoolJob, sink: StreamSink): void {
  sink.grant = (count) => job.holder?.grant(job, count);
}

/** A job for a worker: a call of a task, or a chunk of calls. */
export class PoolJob extends Job {
  declare protected readonly terms: PoolTerms;
  /** Undefined while the job is in the queue. */
  holder: Holder | undefined;
  /** The encoded arguments, until they are sent; none of a small job. */
  body: EncodedValue | undefined;
  #input: unknown;

  /** @param args of a chunk, for each parameter its values */
  constructor(terms: PoolTerms, args: readonly unknown[]) {
    super(terms);
    this.#input = args.length === 1 ? args[0] : new Several(args);
    const { sink } = terms.options;
    if (sink !== undefined) takeGrants(this, sink);
  }

  /** The only argument, or Several. */
  get input(): unknown {
    return this.#input;
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
    return input instanceof Several ? input.values : [input];
  }

  /** Whether it goes through a lane as it is: to read its arguments runs no code. */
  get isSmall(): boolean {
    const { kind, options } = this.terms;
    return (
      kind === 'single' &&
      options.transfer === undefined &&
      areSmall(this.#input)
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
