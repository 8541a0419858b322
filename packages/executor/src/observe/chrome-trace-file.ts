import { monotonicNow } from '../core/clock.ts';
import type { ExecutorInfo, WorkerInfo } from '../core/events.ts';
import type { SpanSink, TaskSpan, WorkerSpan } from './span.ts';
import { TraceEventFile, type TraceEvent } from './trace-event-file.ts';
import { TraceEventRows } from './trace-event-rows.ts';

export interface ChromeTraceFileOptions {
  /** What was recorded. */
  readonly title: string;
}

/**
 * Writes the runs of tasks for https://ui.perfetto.dev and chrome://tracing: a process
 * for each executor, a row for each worker, a bar for each run. Tasks in this event loop
 * get as many rows as run at once.
 *
 * The wait in the queue is in the details of a run, `waited` in milliseconds. It has no
 * bar of its own: readers would show a row for each task that waits.
 *
 * Make it before its Recorder: times count from then on. The memory it needs does not
 * grow with the number of runs. Disposing of it before {@link close} leaves no file.
 */
export class ChromeTraceFile implements SpanSink, Disposable {
  readonly #file: TraceEventFile;
  // Weak: a program may have any number of executors, and these of workers.
  readonly #processes = new WeakMap<ExecutorInfo, number>();
  readonly #rows = new WeakMap<ExecutorInfo | WorkerInfo, TraceEventRows>();

  /** @throws {FileWriteError} if there can be no such file */
  constructor(path: string, { title }: ChromeTraceFileOptions) {
    this.#file = new TraceEventFile(path, { title, origin: monotonicNow() });
  }

  addTask(span: TaskSpan): void {
    const { task, worker, startedAt, endedAt, outcome } = span;
    if (startedAt === undefined) {
      this.#file.addMoment(
        { pid: this.#pidOf(task.executor) },
        {
          name: `${task.name} ${outcome}`,
          category: 'queue',
          args: argsOf(span),
        },
        endedAt,
      );
      return;
    }
    const rows =
      worker === undefined
        ? this.#rowsOf(task.executor, task.executor, 'event loop', 0)
        : this.#rowsOfWorker(worker);
    rows.addSpan(
      { name: task.name, category: 'task', args: argsOf(span) },
      startedAt,
      endedAt,
    );
  }

  /** Adds how long it took to start, and how it ended if it was not asked to. */
  addWorker({
    worker,
    startedAt,
    readyAt,
    endedAt,
    end,
    exit,
  }: WorkerSpan): void {
    const rows = this.#rowsOfWorker(worker);
    const category = 'worker';
    if (readyAt !== undefined) {
      rows.addBefore({ name: 'start', category, args: {} }, startedAt, readyAt);
    }
    if (endedAt !== undefined && end !== undefined && end !== 'closed') {
      rows.addMoment({ name: end, category, args: { exit } }, endedAt);
    }
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #rowsOfWorker(worker: WorkerInfo): TraceEventRows {
    return this.#rowsOf(worker, worker.executor, worker.name, worker.index);
  }

  /** @param owner the worker, or the executor for its tasks in this event loop */
  #rowsOf(
    owner: ExecutorInfo | WorkerInfo,
    executor: ExecutorInfo,
    name: string,
    index: number,
  ): TraceEventRows {
    let rows = this.#rows.get(owner);
    if (rows === undefined) {
      const pid = this.#pidOf(executor);
      rows = new TraceEventRows(this.#file, pid, name, index);
      this.#rows.set(owner, rows);
    }
    return rows;
  }

  #pidOf(executor: ExecutorInfo): number {
    let pid = this.#processes.get(executor);
    if (pid === undefined) {
      pid = this.#file.addProcess(executor.name);
      this.#processes.set(executor, pid);
    }
    return pid;
  }
}

function argsOf(span: TaskSpan): TraceEvent['args'] {
  const { task, attempt, queuedAt, startedAt, endedAt } = span;
  return {
    id: task.id,
    calls: task.calls,
    attempt,
    outcome: span.outcome,
    retried: span.retried,
    error: span.error,
    waited: milliseconds((startedAt ?? endedAt) - queuedAt),
  };
}

/** To the microsecond: more digits say nothing. */
function milliseconds(time: number): number {
  return Math.round(time * 1000) / 1000;
}
