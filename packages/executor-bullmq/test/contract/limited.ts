/* In the place of packages/executor/test/support/limited.ts. */
import type { ExecutorOptions } from '@concurrent-executors/executor';
import { makeServed } from './served.ts';

export const singleBackends = [
  {
    name: 'BullMQExecutor',
    make: (options?: ExecutorOptions) => makeServed(1, options),
  },
];
