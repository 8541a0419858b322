import { group } from 'd3-array';
import { Lane } from './lane.ts';
import type { Range } from './range.ts';
import type { Executor, Recording, Run, Worker } from './recording.ts';

/** Where an executor has had more workers, those that came one after the other share a row. */
const MOST_WORKER_ROWS = 64;

/** A row of the timeline. */
export interface Row {
  readonly kind: 'executor' | 'worker' | 'event-loop' | 'not-started';
  readonly executor: Executor;
  /** One after the other; mostly one. */
  readonly workers: readonly Worker[];
  /** 0 for the first of the rows of a worker that runs several tasks at once. */
  readonly part: number;
  readonly lane: Lane;
}

const NOTHING = new Lane([]);

/**
 * A row for each worker of each executor, with as few more as needed where tasks
 * overlap, and one for the tasks that have never started.
 */
export function rowsOf({ executors, workers, runs }: Recording): Row[] {
  const runsByExecutor = group(runs, ({ executor }) => executor);
  const workersByExecutor = group(workers, ({ executor }) => executor);
  return executors.flatMap((executor) => {
    const own = runsByExecutor.get(executor) ?? [];
    const started = group(
      own.filter((run) => run.started),
      ({ worker }) => worker,
    );
    const workersOfRows = rowsOfWorkers(workersByExecutor.get(executor) ?? []);
    const notStarted = own.filter((run) => !run.started);
    return [
      heading(executor),
      ...workersOfRows.flatMap((own) => {
        const ownRuns = own.flatMap((worker) => started.get(worker) ?? []);
        return parts('worker', executor, own, ownRuns);
      }),
      ...(started.has(undefined)
        ? parts('event-loop', executor, [], started.get(undefined) ?? [])
        : []),
      ...(notStarted.length > 0
        ? [row('not-started', executor, new Lane(notStarted))]
        : []),
    ];
  });
}

function heading(executor: Executor): Row {
  return row('executor', executor, NOTHING);
}

function row(kind: Row['kind'], executor: Executor, lane: Lane): Row {
  return { kind, executor, workers: [], part: 0, lane };
}

/** At least one row, in none of which two runs overlap. */
function parts(
  kind: Row['kind'],
  executor: Executor,
  workers: readonly Worker[],
  runs: readonly Run[],
): Row[] {
  const lanes = runs.length === 0 ? [[]] : withoutOverlaps(runs);
  return lanes.map((lane, part) => ({
    kind,
    executor,
    workers,
    part,
    lane: new Lane(lane),
  }));
}

/** The workers of an executor, for each row those that it shows. */
function rowsOfWorkers(workers: readonly Worker[]): Worker[][] {
  if (workers.length <= MOST_WORKER_ROWS) {
    return workers
      .toSorted((a, b) => a.index - b.index)
      .map((worker) => [worker]);
  }
  const lives = workers
    .map((worker) => ({
      worker,
      from: worker.life?.startedAt ?? 0,
      to: worker.life?.endedAt ?? Infinity,
    }))
    .sort((a, b) => a.from - b.from);
  return withoutOverlaps(lives).map((row) => row.map(({ worker }) => worker));
}

/**
 * As few rows as needed so that in none of them two overlap.
 *
 * @param spans in the order of their starts
 */
function withoutOverlaps<T extends Range>(spans: readonly T[]): T[][] {
  const rows: T[][] = [];
  const freeFrom: number[] = [];
  for (const span of spans) {
    const free = freeFrom.findIndex((time) => time <= span.from);
    const index = free === -1 ? rows.length : free;
    (rows[index] ??= []).push(span);
    freeFrom[index] = span.to;
  }
  return rows;
}
