import { readFileSync } from 'node:fs';
import type { ExecutorInfo, WorkerInfo } from '../core/events.ts';
import { AtomicFile } from './atomic-file.ts';
import type { SpanSink, TaskSpan, WorkerSpan } from './span.ts';
import type {
  ExecutorRow,
  LifeRow,
  RunRow,
  TextOrNumber,
  TimelineData,
  WorkerRow,
} from './timeline-data.ts';

/** The page, as the build makes it; seen from here and from what tsc makes of this. */
const PAGE = new URL('../../dist/observe/timeline.html', import.meta.url);
const DATA_ELEMENT = '<script id="data" type="application/json">';

/** How many texts are remembered as written. */
const LIMIT = 1000;
/** Longer texts are cut, so that those remembered take little memory. */
const TEXT_LENGTH = 1000;

/** Of the fields of a {@link RunRow} from `worker` on. */
const RUN_DEFAULTS = [-1, 'returned', '', 1, 0, 1];

export interface TimelineOptions {
  /** Shown at the top: what was run. */
  readonly title: string;
}

/**
 * Writes the runs of tasks and the lives of workers into one HTML page that shows them.
 * The page needs nothing else, and nothing of the data becomes markup or code. The memory
 * that it takes to write does not grow with the number of runs; that of the browser does.
 *
 * Disposing of it before {@link close} leaves no file.
 */
export class TimelineFile implements SpanSink, Disposable {
  readonly #file: AtomicFile;
  readonly #afterData: string;
  readonly #texts = new Map<string, number>();
  // Weak: a program may have any number of executors, and these of workers.
  readonly #introduced = new WeakSet<ExecutorInfo | WorkerInfo>();
  #separator = '\n';
  /** All times are written as distances from here: they are shorter, and tell nothing else. */
  #origin: number | undefined;
  /** Of the last run, in microseconds after the origin. */
  #lastEnd = 0;

  /** @throws {FileWriteError} if there can be no such file */
  constructor(path: string, { title }: TimelineOptions) {
    const page = readFileSync(PAGE, 'utf8');
    const dataAt = page.indexOf(DATA_ELEMENT) + DATA_ELEMENT.length;
    this.#afterData = page.slice(dataAt);
    this.#file = new AtomicFile(path);
    const head: Omit<TimelineData, 'rows'> = {
      title,
      date: Date.now(),
      textLimit: LIMIT,
    };
    this.#file.write(
      `${page.slice(0, dataAt)}${json(head).slice(0, -1)},"rows":[`,
    );
  }

  /** Never throws; {@link close} tells what went wrong. Does nothing after the end. */
  addTask(span: TaskSpan): void {
    const { task, worker, startedAt, outcome } = span;
    this.#introduce(task.executor, worker);
    const end = this.#time(span.endedAt);
    const start = this.#timeIfAny(startedAt);
    const optional = [
      worker?.index,
      outcome,
      span.error,
      span.attempt,
      Number(span.retried),
      task.calls,
    ];
    while (optional.length > 0) {
      const last = optional.length - 1;
      const value = optional[last];
      if (value !== undefined && value !== RUN_DEFAULTS[last]) break;
      optional.pop();
    }
    const row = [
      end - this.#lastEnd,
      // Clocks of two threads may differ by a little; a time before the start is none.
      start === undefined ? -1 : Math.max(end - start, 0),
      Math.max((start ?? end) - this.#time(span.queuedAt), 0),
      task.id,
      this.#text(task.name),
      task.executor.id,
      ...optional.map((value, index) => {
        const written = value ?? RUN_DEFAULTS[index];
        return typeof written === 'string' ? this.#text(written) : written;
      }),
    ] as RunRow; // The optional fields have the order and types of their defaults.
    this.#lastEnd = end;
    this.#add(row);
  }

  /** Never throws; {@link close} tells what went wrong. Does nothing after the end. */
  addWorker(span: WorkerSpan): void {
    const { worker, startedAt, readyAt, endedAt, end, exit } = span;
    this.#introduce(worker.executor, worker);
    this.#add({
      type: 'life',
      executor: worker.executor.id,
      index: worker.index,
      startedAt: this.#time(startedAt),
      readyAt: this.#timeIfAny(readyAt),
      endedAt: this.#timeIfAny(endedAt),
      end,
      exit,
    });
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#file.write(`\n]}${this.#afterData}`);
    this.#file.commit();
  }

  /** Removes the file, unless it was closed. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  /** Tells the page who they are, unless it knows. */
  #introduce(executor: ExecutorInfo, worker: WorkerInfo | undefined): void {
    if (!this.#introduced.has(executor)) {
      this.#introduced.add(executor);
      const { id, kind, name, maxWorkers } = executor;
      this.#add({
        type: 'executor',
        id,
        kind,
        name,
        maxWorkers: maxWorkers === Infinity ? null : maxWorkers,
      });
    }
    if (worker !== undefined && !this.#introduced.has(worker)) {
      this.#introduced.add(worker);
      const { index, name } = worker;
      this.#add({ type: 'worker', executor: executor.id, index, name });
    }
  }

  #text(text: string): TextOrNumber {
    const short = shorten(text);
    const number = this.#texts.get(short);
    if (number !== undefined) return number;
    if (this.#texts.size === LIMIT) this.#texts.clear();
    this.#texts.set(short, this.#texts.size);
    return short;
  }

  #time(milliseconds: number): number {
    this.#origin ??= milliseconds;
    return Math.round((milliseconds - this.#origin) * 1000);
  }

  #timeIfAny(milliseconds: number | undefined): number | undefined {
    return milliseconds === undefined ? undefined : this.#time(milliseconds);
  }

  #add(row: RunRow | ExecutorRow | WorkerRow | LifeRow): void {
    this.#file.write(this.#separator + json(row));
    this.#separator = ',\n';
  }
}

function shorten(text: string): string {
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}…`;
}

/** JSON that can stand in a script element: it cannot end it or open a comment. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
