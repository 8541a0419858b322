import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
  type ExecutorOptions,
} from '@concurrent-executors/executor';

/** Every executor with one worker, and with the options that all have. */
export const singleBackends: readonly {
  readonly name: string;
  readonly make: (options?: ExecutorOptions) => Executor;
}[] = [
  {
    name: 'ThreadPoolExecutor',
    make: (options) => new ThreadPoolExecutor({ ...options, maxWorkers: 1 }),
  },
  {
    name: 'ProcessPoolExecutor',
    make: (options) => new ProcessPoolExecutor({ ...options, maxWorkers: 1 }),
  },
  {
    name: 'AsyncExecutor',
    make: (options) => new AsyncExecutor({ ...options, maxWorkers: 1 }),
  },
  { name: 'SerialExecutor', make: (options) => new SerialExecutor(options) },
];
