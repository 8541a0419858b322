/* In the place of packages/executor/test/support/backends.ts. */
import { makeServed } from './served.ts';

export const backends = [
  {
    name: 'BullMQExecutor',
    make: (maxWorkers = 2) => makeServed(maxWorkers),
  },
];

/** What is said of local workers holds for the threads of an executor-worker only. */
export const pools = [];

export const concurrentBackends = [...backends];
