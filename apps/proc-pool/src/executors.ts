import {
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
} from '@concurrent-executors/executor';

export const EXECUTORS = ['process', 'thread', 'serial'] as const;
export type ExecutorKind = (typeof EXECUTORS)[number];

export function openExecutor(kind: ExecutorKind, maxWorkers: number): Executor {
  switch (kind) {
    case 'process':
      return new ProcessPoolExecutor({ maxWorkers });
    case 'thread':
      return new ThreadPoolExecutor({ maxWorkers });
    case 'serial':
      return new SerialExecutor();
  }
}

/** What several workers are called; the name of one is its kind. */
export const PLURALS = { process: 'processes', thread: 'threads' } as const;
