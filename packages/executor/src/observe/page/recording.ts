import type {
  ExecutorRow,
  LifeRow,
  RunRow,
  TextOrNumber,
  TimelineData,
} from '../timeline-data.ts';
import type { Outcome } from '../span.ts';

/** An executor of the recording. */
export type Executor = Omit<ExecutorRow, 'type'>;

/** A worker and its life. All times are milliseconds after the first moment of the recording. */
export interface Worker {
  readonly executor: Executor;
  readonly index: number;
  readonly name: string;
  /** Undefined if nothing is known of its life. */
  readonly life: Life | undefined;
}

interface Life {
  readonly startedAt: number;
  /** Undefined if it has never been able to run a task. */
  readonly readyAt: number | undefined;
  /** The end of the recording if it lived on. */
  readonly endedAt: number;
  /** Undefined if it lived on. */
  readonly end: LifeRow['end'];
  readonly exit: string | undefined;
}

/** One run of a task, with the wait for it. */
export interface Run {
  readonly id: number;
  readonly name: string;
  readonly calls: number;
  readonly executor: Executor;
  /** Undefined in the event loop of the program. */
  readonly worker: Worker | undefined;
  readonly attempt: number;
  readonly queuedAt: number;
  /** Whether it has started; if not, `from` is `to`. */
  readonly started: boolean;
  /** The time that it is drawn at. */
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
  readonly retried: boolean;
  /** Empty if there was none. */
  readonly error: string;
}

export interface Recording {
  readonly title: string;
  readonly date: Date;
  /** From the first moment to the last, in milliseconds. */
  readonly duration: number;
  readonly executors: readonly Executor[];
  readonly workers: readonly Worker[];
  /** In the order of their starts. */
  readonly runs: readonly Run[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads what a TimelineFile has written. */
export function readRecording(data: TimelineData): Recording {
  const texts = new Texts(data.textLimit);
  const executors = new Map<number, Executor>();
  const workers = new Map<string, Mutable<Worker>>();
  const lives: LifeRow[] = [];
  const runs: Mutable<Run>[] = [];
  let end = 0;
  for (const row of data.rows) {
    if (Array.isArray(row)) {
      const fields = fieldsOf(row, texts);
      end += fields.sincePrevious;
      const executor = known(executors, fields.executor);
      runs.push({
        id: fields.id,
        name: fields.name,
        calls: fields.calls,
        executor,
        worker:
          fields.worker < 0
            ? undefined
            : known(workers, workerKey(executor.id, fields.worker)),
        attempt: fields.attempt,
        queuedAt: end - Math.max(fields.ran, 0) - fields.waited,
        started: fields.ran >= 0,
        from: end - Math.max(fields.ran, 0),
        to: end,
        outcome: fields.outcome,
        retried: fields.retried,
        error: fields.error,
      });
    } else if (row.type === 'executor') {
      if (!executors.has(row.id)) executors.set(row.id, row);
    } else if (row.type === 'worker') {
      const { index, name } = row;
      const executor = known(executors, row.executor);
      const key = workerKey(executor.id, index);
      if (!workers.has(key)) {
        workers.set(key, { executor, index, name, life: undefined });
      }
    } else {
      lives.push(row);
    }
  }
  return inMilliseconds(data, executors, workers, lives, runs);
}

/** Makes all times milliseconds after the first moment. */
function inMilliseconds(
  { title, date }: TimelineData,
  executors: ReadonlyMap<number, Executor>,
  workers: ReadonlyMap<string, Mutable<Worker>>,
  lives: readonly LifeRow[],
  runs: Mutable<Run>[],
): Recording {
  let first = Infinity;
  let last = -Infinity;
  const extend = (time: number | undefined): void => {
    if (time === undefined) return;
    first = Math.min(first, time);
    last = Math.max(last, time);
  };
  for (const { queuedAt, to } of runs) {
    extend(queuedAt);
    extend(to);
  }
  for (const { startedAt, readyAt, endedAt } of lives) {
    extend(startedAt);
    extend(readyAt);
    extend(endedAt);
  }
  const time = (microseconds: number): number => (microseconds - first) / 1000;
  for (const run of runs) {
    run.queuedAt = time(run.queuedAt);
    run.from = time(run.from);
    run.to = time(run.to);
  }
  for (const row of lives) {
    known(workers, workerKey(row.executor, row.index)).life = {
      startedAt: time(row.startedAt),
      readyAt: row.readyAt === undefined ? undefined : time(row.readyAt),
      endedAt: time(row.endedAt ?? last),
      end: row.end,
      exit: row.exit,
    };
  }
  return {
    title,
    date: new Date(date),
    duration: last > first ? (last - first) / 1000 : 0,
    executors: [...executors.values()].sort((a, b) => a.id - b.id),
    workers: [...workers.values()],
    runs: runs.sort((a, b) => a.from - b.from),
  };
}

/** The fields of a row with their names, defaults and texts. */
function fieldsOf(row: RunRow, texts: Texts) {
  const [sincePrevious, ran, waited, id, name, executor, ...optional] = row;
  const [worker = -1, outcome, error, attempt = 1, retried = 0, calls = 1] =
    optional;
  return {
    sincePrevious,
    ran,
    waited,
    id,
    executor,
    worker,
    attempt,
    retried: retried === 1,
    calls,
    // In the order of the row, in which the writer has counted them.
    name: texts.read(name),
    outcome: (outcome === undefined
      ? 'returned'
      : texts.read(outcome)) as Outcome, // The writer has it from a span.
    error: error === undefined ? '' : texts.read(error),
  };
}

/** The texts that rows mention by their numbers. */
class Texts {
  readonly #limit: number;
  readonly #known = new Map<number, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  read(text: TextOrNumber): string {
    if (typeof text === 'number') return known(this.#known, text);
    if (this.#known.size === this.#limit) this.#known.clear();
    this.#known.set(this.#known.size, text);
    return text;
  }
}

function workerKey(executor: number, index: number): string {
  return `${String(executor)}/${String(index)}`;
}

/** The value of a key that the writer has introduced before. */
function known<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the data lacks ${String(key)}`);
  return value;
}
