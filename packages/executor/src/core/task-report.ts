import { monotonicNow, type RunTimes } from './clock.ts';
import {
  isAnyHeard,
  taskCancelled,
  taskFinished,
  taskRetried,
  taskStarted,
  taskSubmitted,
  type TaskEnded,
  type TaskInfo,
  type WorkerInfo,
} from './events.ts';
import type { Tally } from './tally.ts';

/** How a run ended. `thrown` tells an error of the task from one of the executor. */
interface RunEnd {
  readonly failed: boolean;
  readonly error?: unknown;
  readonly thrown?: boolean;
}

/** What is told of one task while it lives, to subscribers and to `stats()`. */
export class TaskReport {
  /** Whether somebody wants the times of its runs by the clock of the worker. */
  readonly isHeard: boolean;
  /** Known where the worker has told it with its answer. */
  times: RunTimes | undefined;
  readonly #info: TaskInfo;
  readonly #tally: Tally;
  readonly #submittedAt = monotonicNow();
  #startedAt: number | undefined;
  #attempt = 0;
  #worker: WorkerInfo | undefined;

  /** Undefined if nobody listens: then nothing is noted of the task, now or later. */
  static of(
    id: number,
    name: string,
    calls: number,
    tally: Tally,
  ): TaskReport | undefined {
    const isHeard = isAnyHeard();
    return isHeard || tally.latency !== undefined
      ? new TaskReport(id, name, calls, tally, isHeard)
      : undefined;
  }

  private constructor(
    id: number,
    name: string,
    calls: number,
    tally: Tally,
    isHeard: boolean,
  ) {
    this.isHeard = isHeard;
    this.#tally = tally;
    this.#info = { executor: tally.executor, id, name, calls };
    taskSubmitted.publish({ task: this.#info, at: this.#submittedAt });
  }

  started(attempt: number, worker: WorkerInfo | undefined): void {
    const at = monotonicNow();
    if (attempt === 1) this.#tally.waiting?.record(at - this.#submittedAt);
    this.#startedAt = at;
    this.#attempt = attempt;
    this.#worker = worker;
    taskStarted.publish({ task: this.#info, at, attempt, worker });
  }

  /** The worker has ended, or passed over the task, before it has begun. */
  notStarted(): void {
    this.#startedAt = undefined;
    this.retried({ failed: false });
    this.#attempt -= 1;
  }

  /** Another run is to follow. */
  retried(end: RunEnd): void {
    taskRetried.publish(this.#ended(end));
    this.times = undefined;
    this.#startedAt = undefined;
    this.#worker = undefined;
  }

  finished(end: RunEnd): void {
    const ended = this.#ended(end);
    this.#tally.latency?.record(ended.at - this.#submittedAt);
    taskFinished.publish(ended);
  }

  cancelled(): void {
    taskCancelled.publish({ task: this.#info, at: monotonicNow() });
  }

  #ended({ failed, error, thrown = false }: RunEnd): TaskEnded {
    return {
      task: this.#info,
      startedAt: this.times?.startedAt ?? this.#startedAt,
      at: this.times?.endedAt ?? monotonicNow(),
      attempt: this.#attempt,
      worker: this.#worker,
      failed,
      error,
      thrown,
    };
  }
}
