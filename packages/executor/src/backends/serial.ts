import type { ExecutorOptions } from '../core/base-executor.ts';
import { InProcessExecutor } from './in-process.ts';

/**
 * Runs one task after the other in this event loop; a synchronous one is done
 * when `submit` returns. For tests and debugging.
 */
export class SerialExecutor extends InProcessExecutor {
  constructor(options: ExecutorOptions = {}) {
    super('SerialExecutor', 1, options);
  }
}
