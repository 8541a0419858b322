import { Job } from '../core/job.ts';
import type { TaskAddress } from '../core/task.ts';
import type { TaskOptions } from '../core/task-options.ts';

/** Whoever runs a job at the moment. */
interface Runner {
  abort(job: PoolJob, reason: unknown): void;
}

/** A job for a worker. */
export class PoolJob extends Job {
  readonly task: TaskAddress;
  args: readonly unknown[];
  /** The slot that has it; undefined while it is in the queue. */
  runner: Runner | undefined;

  constructor(
    task: TaskAddress,
    args: readonly unknown[],
    options: TaskOptions,
  ) {
    super(options);
    this.task = task;
    this.args = args;
  }

  get name(): string {
    return this.task.name;
  }

  override revoke(): boolean {
    // The queue keeps a cancelled job until it reaches the front.
    this.args = [];
    return super.revoke();
  }

  protected stop(reason: unknown): void {
    // In the queue, to be run again: no run is left that could end it.
    if (this.runner === undefined) this.failForGood(this.abortError);
    else this.runner.abort(this, reason);
  }
}
