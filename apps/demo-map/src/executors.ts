import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
} from '@concurrent-executors/executor';

export const EXECUTOR_NAMES = ['thread', 'process', 'async', 'serial'] as const;
export type ExecutorName = (typeof EXECUTOR_NAMES)[number];

const makers: Readonly<Record<ExecutorName, (maxWorkers: number) => Executor>> =
  {
    thread: (maxWorkers) => new ThreadPoolExecutor({ maxWorkers }),
    process: (maxWorkers) => new ProcessPoolExecutor({ maxWorkers }),
    async: (maxWorkers) => new AsyncExecutor({ maxWorkers }),
    serial: () => new SerialExecutor(),
  };

export function makeExecutor(name: ExecutorName, maxWorkers: number): Executor {
  return makers[name](maxWorkers);
}
