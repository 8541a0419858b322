import type {
  ExecutorInfo,
  TaskSpan,
  WorkerInfo,
} from '@concurrent-executors/executor/observe';

export const threads: ExecutorInfo = {
  id: 1,
  kind: 'ThreadPoolExecutor',
  name: 'threads',
  maxWorkers: 2,
};
export const loop: ExecutorInfo = {
  id: 2,
  kind: 'AsyncExecutor',
  name: 'loop',
  maxWorkers: 3,
};

export function worker(index: number, executor = threads): WorkerInfo {
  return { executor, name: `thread ${String(index + 1)}`, index };
}

/** A run that waited from `queuedAt` to `startedAt`, all in milliseconds. */
export function span(
  id: number,
  times: readonly [
    queuedAt: number,
    startedAt: number | undefined,
    endedAt: number,
  ],
  more: Partial<TaskSpan> = {},
): TaskSpan {
  const [queuedAt, startedAt, endedAt] = times;
  const executor = more.worker?.executor ?? threads;
  return {
    task: { executor, id, name: `task ${String(id)}`, calls: 1 },
    attempt: startedAt === undefined ? 0 : 1,
    queuedAt,
    startedAt,
    endedAt,
    worker: undefined,
    outcome: 'returned',
    retried: false,
    error: undefined,
    ...more,
  };
}
