import { Settler } from '../core/future.ts';
import type { TaskAddress } from '../core/task.ts';

/** One submitted call of a task: what a worker needs, and the future to settle. */
export class Job extends Settler<unknown> {
  readonly task: TaskAddress;
  args: readonly unknown[];

  constructor(task: TaskAddress, args: readonly unknown[]) {
    super();
    this.task = task;
    this.args = args;
  }

  override revoke(): boolean {
    // The queue keeps a cancelled job until it reaches the front.
    this.args = [];
    return true;
  }
}
