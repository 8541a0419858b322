import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
} from '@concurrent-executors/executor';

export interface Backend {
  readonly name: string;
  readonly make: (maxWorkers?: number) => Executor;
}

/** Every executor; the contract is the same for all. */
export const backends: readonly Backend[] = [
  {
    name: 'ThreadPoolExecutor',
    make: (maxWorkers = 2) => new ThreadPoolExecutor({ maxWorkers }),
  },
  {
    name: 'ProcessPoolExecutor',
    make: (maxWorkers = 2) => new ProcessPoolExecutor({ maxWorkers }),
  },
  {
    name: 'AsyncExecutor',
    make: (maxWorkers = 2) => new AsyncExecutor({ maxWorkers }),
  },
  { name: 'SerialExecutor', make: () => new SerialExecutor() },
];

/** Those whose tasks run in workers of their own. */
export const pools = [
  { name: 'thread', Pool: ThreadPoolExecutor },
  { name: 'process', Pool: ProcessPoolExecutor },
] as const;

/** Those that run more than one task at once. */
export const concurrentBackends = backends.filter(
  ({ name }) => name !== 'SerialExecutor',
);
