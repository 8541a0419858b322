import type { TaskSpan } from '@concurrent-executors/executor/observe';

/** A run that has begun. */
export interface Run extends TaskSpan {
  readonly startedAt: number;
}

export interface GanttRow {
  /** Empty if it is one more row of the worker above. */
  readonly name: string;
  /** One after the other, in time. */
  readonly runs: readonly Run[];
}

export function hasBegun(span: TaskSpan): span is Run {
  return span.startedAt !== undefined;
}

/**
 * A row for each worker, and for the event loop of each executor without workers. Where
 * several tasks run at once, there are as many rows as they need not to overlap.
 */
export function rowsOf(runs: readonly Run[]): GanttRow[] {
  const executors = new Set(runs.map(({ task }) => task.executor.id));
  return byPlace(runs).flatMap(({ first, runs }) => {
    const name = nameOf(first, executors.size > 1);
    return withoutOverlap(runs).map((row, index) => ({
      name: index === 0 ? name : '',
      runs: row,
    }));
  });
}

interface PlaceRuns {
  readonly first: Run;
  readonly runs: Run[];
}

function byPlace(runs: readonly Run[]): PlaceRuns[] {
  const places = new Map<string, PlaceRuns>();
  for (const run of runs) {
    const key = `${String(run.task.executor.id)} ${String(indexOf(run))}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, { first: run, runs: [run] });
    else place.runs.push(run);
  }
  return [...places.values()].sort(
    ({ first: one }, { first: other }) =>
      one.task.executor.id - other.task.executor.id ||
      indexOf(one) - indexOf(other),
  );
}

function indexOf({ worker }: Run): number {
  return worker?.index ?? -1;
}

function nameOf({ worker, task }: Run, withExecutor: boolean): string {
  const name = worker === undefined ? 'event loop' : worker.name;
  return withExecutor ? `${task.executor.name}: ${name}` : name;
}

/** Each run goes into the first row that is free by then. */
function withoutOverlap(runs: readonly Run[]): Run[][] {
  const rows: { readonly runs: Run[]; freeAt: number }[] = [];
  for (const run of runs.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const row = rows.find(({ freeAt }) => freeAt <= run.startedAt);
    if (row === undefined) {
      rows.push({ runs: [run], freeAt: run.endedAt });
    } else {
      row.runs.push(run);
      row.freeAt = run.endedAt;
    }
  }
  return rows.map(({ runs }) => runs);
}
