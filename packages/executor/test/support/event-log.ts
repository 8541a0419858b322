import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type {
  ExecutorEvents,
  TaskInfo,
  WorkerInfo,
} from '@concurrent-executors/executor/observe';

/**
 * | from      | event     | to        |
 * | --------- | --------- | --------- |
 * | –         | submitted | waiting   |
 * | waiting   | started   | running   |
 * | waiting   | cancelled | cancelled |
 * | waiting   | finished  | finished  |
 * | running   | finished  | finished  |
 * | running   | retried   | waiting   |
 */
type TaskState = 'waiting' | 'running' | 'cancelled' | 'finished';

export interface LoggedTask {
  readonly info: TaskInfo;
  state: TaskState;
  /** How often it was started. */
  starts: number;
  readonly submittedAt: number;
  failed: boolean;
  error: unknown;
  worker: WorkerInfo | undefined;
}

/** Follows every task and worker, and notes each event that may not come where it comes. */
export class EventLog implements Disposable {
  readonly tasks = new Map<number, LoggedTask>();
  readonly workers = new Map<WorkerInfo, 'starting' | 'ready' | 'exited'>();
  readonly problems: string[] = [];
  readonly #subscriptions: (() => void)[] = [];

  constructor() {
    this.#on('concurrent-executors:task:submitted', ({ task, at }) => {
      if (this.tasks.has(task.id)) this.#problem(task, 'submitted twice');
      this.tasks.set(task.id, {
        info: task,
        state: 'waiting',
        starts: 0,
        submittedAt: at,
        failed: false,
        error: undefined,
        worker: undefined,
      });
    });
    this.#on('concurrent-executors:task:started', (event) => {
      const task = this.#next(event.task, ['waiting'], 'running');
      if (task === undefined) return;
      task.starts += 1;
      if (event.attempt < 1 || event.attempt > task.starts) {
        this.#problem(event.task, `attempt ${String(event.attempt)}`);
      }
      task.worker = event.worker;
      if (event.worker !== undefined && !this.#isAlive(event.worker)) {
        this.#problem(event.task, 'started in a worker that is not there');
      }
    });
    this.#on('concurrent-executors:task:retried', (event) => {
      this.#run(event);
      this.#next(event.task, ['running'], 'waiting');
    });
    this.#on('concurrent-executors:task:finished', (event) => {
      this.#run(event);
      const from = ['waiting', 'running'] as const;
      const task = this.#next(event.task, from, 'finished');
      if (task === undefined) return;
      task.failed = event.failed;
      task.error = event.error;
    });
    this.#on('concurrent-executors:task:cancelled', ({ task }) => {
      this.#next(task, ['waiting'], 'cancelled');
    });
    this.#on('concurrent-executors:worker:started', ({ worker }) => {
      this.workers.set(worker, 'starting');
    });
    this.#on('concurrent-executors:worker:ready', ({ worker }) => {
      if (this.workers.get(worker) !== 'starting') {
        this.problems.push(`${worker.name} was ready when it was not starting`);
      }
      this.workers.set(worker, 'ready');
    });
    this.#on('concurrent-executors:worker:exited', ({ worker }) => {
      if (!this.#isAlive(worker)) {
        this.problems.push(`${worker.name} exited when it was not there`);
      }
      this.workers.set(worker, 'exited');
      for (const task of this.tasks.values()) {
        if (task.state === 'running' && task.worker === worker) {
          this.#problem(task.info, 'runs in a worker that has exited');
        }
      }
    });
  }

  [Symbol.dispose](): void {
    for (const unsubscribed of this.#subscriptions) unsubscribed();
  }

  #on<Name extends keyof ExecutorEvents>(
    name: Name,
    listener: (event: ExecutorEvents[Name]) => void,
  ): void {
    // Only this is published there.
    const untyped = listener as (event: unknown) => void;
    subscribe(name, untyped);
    this.#subscriptions.push(() => unsubscribe(name, untyped));
  }

  #next(
    info: TaskInfo,
    from: readonly TaskState[],
    to: TaskState,
  ): LoggedTask | undefined {
    const task = this.tasks.get(info.id);
    if (task === undefined || !from.includes(task.state)) {
      this.#problem(info, `${task?.state ?? 'unknown'} became ${to}`);
      return undefined;
    }
    task.state = to;
    return task;
  }

  /** The times of the run: one clock for all threads and processes. */
  #run({
    task,
    startedAt,
    at,
  }: ExecutorEvents['concurrent-executors:task:finished']): void {
    const submittedAt = this.tasks.get(task.id)?.submittedAt ?? Infinity;
    const times = [submittedAt, startedAt ?? submittedAt, at];
    if (!(submittedAt <= (startedAt ?? at) && (startedAt ?? at) <= at)) {
      this.#problem(task, `was submitted, began and ended at ${times.join()}`);
    }
  }

  #isAlive(worker: WorkerInfo): boolean {
    const state = this.workers.get(worker);
    return state === 'starting' || state === 'ready';
  }

  #problem({ id, name }: TaskInfo, what: string): void {
    this.problems.push(`task #${String(id)} ${name}: ${what}`);
  }
}
