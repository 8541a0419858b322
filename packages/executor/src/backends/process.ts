import { PoolExecutor, type PoolOptions } from './pool-executor.ts';
import { processes } from './process-workers.ts';

/**
 * Runs tasks in child processes. For CPU-bound work that must not share memory
 * or a crash with the program. Processes start slower and need more memory than
 * threads.
 */
export class ProcessPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ProcessPoolExecutor', processes, options);
  }
}
