import { monotonicNow } from '../core/clock.ts';
import type {
  ExecutorInfo,
  TaskEnded,
  TaskInfo,
  WorkerInfo,
} from '../core/events.ts';
import { describeError } from './describe-error.ts';
import { listen } from './listen.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, SpanSink, TaskSpan, WorkerSpan } from './span.ts';

export interface RecorderOptions {
  /** Which executors it listens to. Default: all of this program. */
  readonly filter?: (executor: ExecutorInfo) => boolean;
}

/** A task that has not ended. */
interface LiveTask {
  readonly task: TaskInfo;
  attempt: number;
  queuedAt: number;
  startedAt: number | undefined;
  worker: WorkerInfo | undefined;
}

interface LiveWorker {
  readonly startedAt: number;
  readyAt: number | undefined;
}

/**
 * Listens to executors from now on. Its sinks get each run of a task when it has ended,
 * and each worker when it has exited. Tasks that were submitted before are left out.
 *
 *   events ──> live tasks, live workers ──> spans ──> sinks
 *
 * Its memory grows with the tasks that have not ended, not with those that have.
 */
export class Recorder implements Disposable {
  /** When it began, on the clock of the spans. */
  readonly startedAt = monotonicNow();
  readonly #sinks: readonly SpanSink[];
  readonly #filter: (executor: ExecutorInfo) => boolean;
  readonly #tasks = new Map<number, LiveTask>();
  readonly #workers = new Map<WorkerInfo, LiveWorker>();
  #listening: Disposable | undefined;

  constructor(
    sinks: readonly SpanSink[],
    { filter = () => true }: RecorderOptions = {},
  ) {
    this.#sinks = sinks;
    this.#filter = filter;
    this.#listening = listen({
      'concurrent-executors:task:submitted': ({ task, at }) => {
        if (!this.#filter(task.executor)) return;
        this.#tasks.set(task.id, {
          task,
          attempt: 0,
          queuedAt: at,
          startedAt: undefined,
          worker: undefined,
        });
      },
      'concurrent-executors:task:started': (started) => {
        const live = this.#tasks.get(started.task.id);
        if (live === undefined) return;
        live.attempt = started.attempt;
        live.startedAt = started.at;
        live.worker = started.worker;
        this.#meet(started.worker);
      },
      'concurrent-executors:task:retried': (ended) => {
        const live = this.#tasks.get(ended.task.id);
        if (live === undefined) return;
        if (ended.startedAt !== undefined) {
          this.#addRun(live, ended, true);
          live.queuedAt = ended.at;
        }
        live.startedAt = undefined;
        live.worker = undefined;
      },
      'concurrent-executors:task:finished': (ended) => {
        const live = this.#tasks.get(ended.task.id);
        if (live === undefined) return;
        this.#tasks.delete(ended.task.id);
        this.#addRun(live, ended, false);
      },
      'concurrent-executors:task:cancelled': ({ task, at }) => {
        const live = this.#tasks.get(task.id);
        if (live === undefined) return;
        this.#tasks.delete(task.id);
        this.#addUnended(live, at, 'cancelled');
      },
      'concurrent-executors:worker:started': ({ worker, at }) => {
        if (!this.#filter(worker.executor)) return;
        this.#workers.set(worker, { startedAt: at, readyAt: undefined });
      },
      'concurrent-executors:worker:ready': ({ worker, at }) => {
        const live = this.#workers.get(worker);
        if (live !== undefined) live.readyAt = at;
      },
      'concurrent-executors:worker:exited': (exited) => {
        const { worker, at, exitCode, signal, expected, forced } = exited;
        if (!this.#filter(worker.executor)) return;
        this.#meet(worker);
        this.#addWorker(worker, at, {
          end: forced ? 'terminated' : expected ? 'closed' : 'crashed',
          exit: signal ?? `exit code ${String(exitCode)}`,
        });
      },
    });
  }

  /** Ends the recording. What still waits or runs goes to the sinks as unfinished. */
  stop(): void {
    if (this.#listening === undefined) return;
    this[Symbol.dispose]();
    const at = monotonicNow();
    for (const live of this.#tasks.values()) {
      this.#addUnended(live, at, 'unfinished');
    }
    this.#tasks.clear();
    for (const worker of this.#workers.keys()) {
      this.#addWorker(worker, undefined, { end: undefined, exit: undefined });
    }
  }

  /** Stops listening. The sinks get nothing more. */
  [Symbol.dispose](): void {
    this.#listening?.[Symbol.dispose]();
    this.#listening = undefined;
  }

  /** The worker may have been started before the recording. */
  #meet(worker: WorkerInfo | undefined): void {
    if (worker === undefined || this.#workers.has(worker)) return;
    const { startedAt } = this;
    this.#workers.set(worker, { startedAt, readyAt: startedAt });
  }

  #addRun(live: LiveTask, ended: TaskEnded, retried: boolean): void {
    const { attempt, at, worker, failed, error } = ended;
    this.#add({
      task: live.task,
      attempt,
      queuedAt: live.queuedAt,
      startedAt: this.#beginning(live, ended),
      endedAt: at,
      worker,
      outcome: outcomeOf(ended),
      retried,
      error: failed ? describeError(error) : undefined,
    });
  }

  /** Without an answer of the worker all that is known is when it was given the task. */
  #beginning(
    live: LiveTask,
    { startedAt, worker }: TaskEnded,
  ): number | undefined {
    if (startedAt === undefined || startedAt !== live.startedAt)
      return startedAt;
    const readyAt = worker && this.#workers.get(worker)?.readyAt;
    return Math.max(startedAt, readyAt ?? startedAt);
  }

  #addUnended(live: LiveTask, at: number, outcome: Outcome): void {
    this.#add({
      ...live,
      endedAt: at,
      outcome,
      retried: false,
      error: undefined,
    });
  }

  #add(span: TaskSpan): void {
    for (const sink of this.#sinks) sink.addTask(span);
  }

  #addWorker(
    worker: WorkerInfo,
    endedAt: number | undefined,
    end: Pick<WorkerSpan, 'end' | 'exit'>,
  ): void {
    const live = this.#workers.get(worker);
    if (live === undefined) return;
    this.#workers.delete(worker);
    for (const sink of this.#sinks) {
      sink.addWorker({ worker, ...live, endedAt, ...end });
    }
  }
}
