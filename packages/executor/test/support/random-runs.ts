import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
  type ExecutorOptions,
} from '@concurrent-executors/executor';

/** Of an executor, for random tasks. */
interface RandomRuns {
  readonly name: string;
  readonly make: (options: ExecutorOptions) => Executor;
  readonly hasWorkers: boolean;
  /** Whether it tells when a worker has ended. */
  readonly tellsExits: boolean;
  readonly rounds: number;
}

export const runs: readonly RandomRuns[] = [
  {
    name: 'ThreadPoolExecutor',
    make: (o) => new ThreadPoolExecutor({ ...o, maxWorkers: 2, abortGrace: 1 }),
    hasWorkers: true,
    tellsExits: true,
    rounds: 6,
  },
  {
    name: 'ProcessPoolExecutor',
    make: (o) =>
      new ProcessPoolExecutor({ ...o, maxWorkers: 2, abortGrace: 1 }),
    hasWorkers: true,
    tellsExits: true,
    rounds: 3,
  },
  {
    name: 'AsyncExecutor',
    make: (o) => new AsyncExecutor({ ...o, maxWorkers: 3 }),
    hasWorkers: false,
    tellsExits: true,
    rounds: 40,
  },
  {
    name: 'SerialExecutor',
    make: (o) => new SerialExecutor(o),
    hasWorkers: false,
    tellsExits: true,
    rounds: 40,
  },
];
