import type { ExecutorOptions } from '../core/base-executor.ts';
import { InProcessExecutor } from './in-process.ts';

export interface AsyncExecutorOptions extends ExecutorOptions {
  /** How many tasks run at once. Default: 32. */
  readonly maxWorkers?: number;
}

/** Runs tasks in this event loop, many at once. For work that mostly waits. */
export class AsyncExecutor extends InProcessExecutor {
  constructor({ maxWorkers = 32, ...options }: AsyncExecutorOptions = {}) {
    super('AsyncExecutor', maxWorkers, options);
  }
}
