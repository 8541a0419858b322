import { InProcessExecutor } from './in-process.ts';

export interface AsyncExecutorOptions {
  /** How many tasks run at once. Default: 32. */
  readonly maxWorkers?: number;
}

/** Runs tasks in this event loop, many at once. For work that mostly waits. */
export class AsyncExecutor extends InProcessExecutor {
  constructor({ maxWorkers = 32 }: AsyncExecutorOptions = {}) {
    super('AsyncExecutor', maxWorkers);
  }
}
