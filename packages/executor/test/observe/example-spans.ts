import type {
  ExecutorInfo,
  TaskInfo,
  TaskSpan,
  WorkerInfo,
  WorkerSpan,
} from '@concurrent-executors/executor/observe';

/** When the spans begin, on a clock that says nothing of the date. */
export const START = 123_456_789;

const threads: ExecutorInfo = {
  id: 1,
  kind: 'ThreadPoolExecutor',
  name: 'resize',
  maxWorkers: 2,
};

export const eventLoop: ExecutorInfo = {
  id: 2,
  kind: 'AsyncExecutor',
  name: 'AsyncExecutor',
  maxWorkers: 10,
};

const workers: WorkerInfo[] = [];

export function thread(index: number): WorkerInfo {
  const name = `thread ${String(index + 1)}`;
  return (workers[index] ??= { executor: threads, index, name });
}

interface SpanChanges extends Partial<Omit<TaskSpan, 'task'>> {
  readonly task?: Partial<TaskInfo>;
  /** After the start of all, in milliseconds. */
  readonly queued?: number;
  /** Undefined for one that never started. */
  readonly started?: number | undefined;
  readonly ended?: number;
}

/** A task that waited for 10 ms, then ran for 100 ms in thread 1. */
export function span(changes: SpanChanges = {}): TaskSpan {
  const { task, queued = 0, ended = 110, ...others } = changes;
  const started = 'started' in changes ? changes.started : 10;
  return {
    task: { executor: threads, id: 1, name: 'work', calls: 1, ...task },
    attempt: started === undefined ? 0 : 1,
    queuedAt: START + queued,
    startedAt: started === undefined ? undefined : START + started,
    endedAt: START + ended,
    worker: started === undefined ? undefined : thread(0),
    outcome: 'returned',
    retried: false,
    error: undefined,
    ...others,
  };
}

/** The life of thread 1: from the start on, ready after 5 ms, closed after 1,000. */
export function life(changes: Partial<WorkerSpan> = {}): WorkerSpan {
  return {
    worker: thread(0),
    startedAt: START,
    readyAt: START + 5,
    endedAt: START + 1000,
    end: 'closed',
    exit: 'exit code 0',
    ...changes,
  };
}

/** One of each outcome, 100 ms each, one after the other in thread 1. */
export const outcomes: readonly TaskSpan[] = [
  span({ task: { id: 1 }, queued: 0, started: 0, ended: 100 }),
  span({
    task: { id: 2 },
    started: 100,
    ended: 200,
    outcome: 'threw',
    error: 'TypeError: no such picture',
  }),
  span({
    task: { id: 3 },
    started: 200,
    ended: 300,
    outcome: 'timed-out',
    error: 'TimeoutError: it ran for longer than 100 ms',
  }),
  span({
    task: { id: 4 },
    started: 300,
    ended: 400,
    outcome: 'aborted',
    error: 'AbortError: no longer wanted',
  }),
  span({
    task: { id: 5 },
    started: undefined,
    queued: 0,
    ended: 450,
    outcome: 'cancelled',
  }),
  span({
    task: { id: 6 },
    started: 400,
    ended: 500,
    outcome: 'crashed',
    error: 'WorkerExitError: worker thread 1 exited with code 7',
    retried: true,
  }),
  span({
    task: { id: 6 },
    attempt: 2,
    queued: 500,
    started: 600,
    ended: 1000,
    worker: thread(1),
    outcome: 'unfinished',
  }),
];

export const lives: readonly WorkerSpan[] = [
  life({
    readyAt: START,
    endedAt: START + 500,
    end: 'crashed',
    exit: 'exit code 7',
  }),
  life({
    worker: thread(1),
    startedAt: START + 500,
    readyAt: START + 600,
    endedAt: undefined,
    end: undefined,
    exit: undefined,
  }),
];

/**
 * Tasks of ten threads in the order of their ends, each of 1 to 20 ms. Every tenth
 * has thrown; the names are `task 0` to `task 4`.
 */
export function* manySpans(count: number): Generator<TaskSpan> {
  const WORKERS = 10;
  const free = new Array<number>(WORKERS).fill(0);
  for (let id = 0; id < count; id += 1) {
    const worker = free.indexOf(Math.min(...free));
    const started = free[worker] ?? 0;
    const ended = started + 1 + ((id * 7) % 20);
    free[worker] = ended;
    const threw = id % 10 === 9;
    yield span({
      task: { id, name: `task ${String(id % 5)}` },
      queued: Math.max(started - 50, 0),
      started,
      ended,
      worker: thread(worker),
      outcome: threw ? 'threw' : 'returned',
      error: threw ? `Error: task ${String(id)} has failed` : undefined,
    });
  }
}
