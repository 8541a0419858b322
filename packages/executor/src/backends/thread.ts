import { PoolExecutor, type PoolOptions } from './pool-executor.ts';
import { threads } from './thread-workers.ts';

/**
 * Runs tasks in worker threads. For CPU-bound work that passes little or
 * transferable data; a crash of native code ends the whole program.
 */
export class ThreadPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ThreadPoolExecutor', threads, options);
  }
}
