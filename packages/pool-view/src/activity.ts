import { createHistogram } from 'node:perf_hooks';
import {
  listen,
  type ExecutorInfo,
  type TaskEnded,
  type TaskInfo,
  type TaskStarted,
  type WorkerInfo,
} from '@concurrent-executors/executor/observe';

interface LiveTask {
  readonly task: TaskInfo;
  /** Since when it waits; times as in the events. */
  queuedAt: number;
  startedAt: number;
  /** Where it runs; undefined while it waits. */
  place: Place | undefined;
}

/** A worker, or the event loop of this program for an executor without workers. */
export interface Place {
  readonly executor: ExecutorInfo;
  readonly worker: WorkerInfo | undefined;
  /** Since when it is as it is: starting, idle, or running its oldest task. */
  since: number;
  ready: boolean;
  /** In the order of their start. */
  readonly running: Set<LiveTask>;
  /** Runs that have come to their end here. */
  done: number;
}

/** Of durations in milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/**
 * What all executors of this program do now, by their events. Its memory grows with
 * workers and tasks that have not ended, not with those that have.
 */
export class Activity implements Disposable {
  waiting = 0;
  running = 0;
  /** Tasks that have ended, but for those that were cancelled. */
  done = 0;
  /** Those of them that have no result. */
  failed = 0;
  cancelled = 0;
  /** Workers that have ended without being asked to. */
  lostWorkers = 0;

  readonly #tasks = new Map<number, LiveTask>();
  readonly #workers = new Map<WorkerInfo, Place>();
  readonly #loops = new Map<number, Place>();
  readonly #waits = new Durations();
  readonly #runs = new Durations();
  readonly #changed: () => void;
  readonly #listening: Disposable;

  /** @param changed is called after each event */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#listening = listen({
      'concurrent-executors:task:submitted': ({ task, at }) => {
        this.#tasks.set(task.id, {
          task,
          queuedAt: at,
          startedAt: at,
          place: undefined,
        });
        this.waiting += 1;
        this.#changed();
      },
      'concurrent-executors:task:started': (event) => {
        this.#start(event);
      },
      'concurrent-executors:task:retried': (event) => {
        this.#endRun(event);
        this.#changed();
      },
      'concurrent-executors:task:finished': (event) => {
        this.#endRun(event);
        if (!this.#tasks.delete(event.task.id)) return;
        this.waiting -= 1;
        this.done += 1;
        if (event.failed) this.failed += 1;
        this.#changed();
      },
      'concurrent-executors:task:cancelled': ({ task, at }) => {
        const live = this.#tasks.get(task.id);
        if (live === undefined) return;
        this.#leave(live, at);
        this.#tasks.delete(task.id);
        this.waiting -= 1;
        this.cancelled += 1;
        this.#changed();
      },
      'concurrent-executors:worker:started': ({ worker, at }) => {
        this.#workers.set(worker, placeOf(worker.executor, worker, at));
        this.#changed();
      },
      'concurrent-executors:worker:ready': ({ worker, at }) => {
        const place = this.#meet(worker, at);
        place.ready = true;
        if (place.running.size === 0) place.since = at;
        this.#changed();
      },
      'concurrent-executors:worker:exited': ({ worker, expected, forced }) => {
        this.#workers.delete(worker);
        if (!expected && !forced) this.lostWorkers += 1;
        this.#changed();
      },
    });
  }

  /** Stops listening. What is known stays. */
  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  /** By executor; its workers in the order in which they were started. */
  get places(): readonly Place[] {
    return [...this.#workers.values(), ...this.#loops.values()].sort(
      (one, other) =>
        one.executor.id - other.executor.id ||
        (one.worker?.index ?? 0) - (other.worker?.index ?? 0),
    );
  }

  /** How long tasks have waited for a worker; undefined before the first has started. */
  get waits(): Quantiles | undefined {
    return this.#waits.quantiles;
  }

  /** How long runs have taken; undefined before the first has ended. */
  get runs(): Quantiles | undefined {
    return this.#runs.quantiles;
  }

  #start({ task, worker, at }: TaskStarted): void {
    const live = this.#tasks.get(task.id);
    if (live === undefined) return; // submitted before this has listened
    this.#leave(live, at);
    const place =
      worker === undefined
        ? this.#loopOf(task.executor, at)
        : this.#meet(worker, at);
    if (place.running.size === 0) place.since = at;
    place.running.add(live);
    live.place = place;
    live.startedAt = at;
    this.waiting -= 1;
    this.running += 1;
    this.#changed();
  }

  #endRun({ task, startedAt, at }: TaskEnded): void {
    const live = this.#tasks.get(task.id);
    if (live === undefined) return;
    if (startedAt !== undefined) {
      this.#waits.add(startedAt - live.queuedAt);
      this.#runs.add(at - startedAt);
      if (live.place !== undefined) live.place.done += 1;
    }
    this.#leave(live, at);
    live.queuedAt = at;
  }

  /** The task runs no more, and waits. */
  #leave(live: LiveTask, at: number): void {
    const { place } = live;
    if (place === undefined) return;
    place.running.delete(live);
    const [oldest] = place.running;
    place.since = oldest?.startedAt ?? at;
    live.place = undefined;
    this.running -= 1;
    this.waiting += 1;
  }

  /** The worker may have been started before this has listened. */
  #meet(worker: WorkerInfo, at: number): Place {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    const place = placeOf(worker.executor, worker, at);
    place.ready = true;
    this.#workers.set(worker, place);
    return place;
  }

  #loopOf(executor: ExecutorInfo, at: number): Place {
    const known = this.#loops.get(executor.id);
    if (known !== undefined) return known;
    const place = placeOf(executor, undefined, at);
    place.ready = true;
    this.#loops.set(executor.id, place);
    return place;
  }
}

function placeOf(
  executor: ExecutorInfo,
  worker: WorkerInfo | undefined,
  at: number,
): Place {
  const running = new Set<LiveTask>();
  return { executor, worker, since: at, ready: false, running, done: 0 };
}

/** Any number of durations in constant memory, to three digits. */
class Durations {
  readonly #microseconds = createHistogram({ figures: 3 });

  add(milliseconds: number): void {
    this.#microseconds.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  get quantiles(): Quantiles | undefined {
    if (this.#microseconds.count === 0) return undefined;
    return {
      p50: this.#microseconds.percentile(50) / 1000,
      p99: this.#microseconds.percentile(99) / 1000,
    };
  }
}
