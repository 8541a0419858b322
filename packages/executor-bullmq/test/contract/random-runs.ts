/* In the place of packages/executor/test/support/random-runs.ts. */
import type { ExecutorOptions } from '@concurrent-executors/executor';
import { makeServed } from './served.ts';

export const runs = [
  {
    name: 'BullMQExecutor',
    make: (options: ExecutorOptions) => makeServed(2, options),
    hasWorkers: true,
    // A worker goes on for others.
    tellsExits: false,
    rounds: 3,
  },
];
