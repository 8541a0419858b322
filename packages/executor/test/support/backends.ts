import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
  type PoolOptions,
} from '@concurrent-executors/executor';

/*
 * Their workers have no options of the test runner, as they have none in a program: with
 * --require they would load the modules of tasks in another way.
 */
class ThreadPool extends ThreadPoolExecutor {
  constructor(options?: PoolOptions) {
    super({ execArgv: [], ...options });
  }
}

class ProcessPool extends ProcessPoolExecutor {
  constructor(options?: PoolOptions) {
    super({ execArgv: [], ...options });
  }
}

export interface Backend {
  readonly name: string;
  readonly make: (maxWorkers?: number) => Executor;
}

/** Every executor; the contract is the same for all. */
export const backends: readonly Backend[] = [
  {
    name: 'ThreadPoolExecutor',
    make: (maxWorkers = 2) => new ThreadPool({ maxWorkers }),
  },
  {
    name: 'ProcessPoolExecutor',
    make: (maxWorkers = 2) => new ProcessPool({ maxWorkers }),
  },
  {
    name: 'AsyncExecutor',
    make: (maxWorkers = 2) => new AsyncExecutor({ maxWorkers }),
  },
  { name: 'SerialExecutor', make: () => new SerialExecutor() },
];

/** Those whose tasks run in workers of their own. */
export const pools = [
  { name: 'thread', Pool: ThreadPool },
  { name: 'process', Pool: ProcessPool },
] as const;

/** Those that run more than one task at once. */
export const concurrentBackends = backends.filter(
  ({ name }) => name !== 'SerialExecutor',
);
