import { quantileSorted, sum } from 'd3-array';
import type { Outcome } from '../span.ts';
import { Levels } from './levels.ts';
import type { Recording, Run, Worker } from './recording.ts';

/** How long something took, in milliseconds; NaN where there was nothing. */
export interface Times {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface Statistics {
  /** Each task once, however often it was retried. */
  readonly tasks: number;
  /** What the last runs of the tasks came to. */
  readonly outcomes: ReadonlyMap<Outcome, number>;
  readonly retries: number;
  readonly workers: number;
  /** Which part of the time in which workers were ready they ran tasks; NaN without workers. */
  readonly utilisation: number;
  /** Tasks that ran at once. */
  readonly peak: number;
  readonly mean: number;
  readonly waiting: Times;
  readonly running: Times;
}

export function statisticsOf(
  { runs, workers, duration }: Recording,
  running: Levels,
): Statistics {
  const last = runs.filter(({ retried }) => !retried);
  const outcomes = new Map<Outcome, number>();
  for (const { outcome } of last) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const started = runs.filter((run) => run.started);
  const ran = sum(started, ({ from, to }) => to - from);
  return {
    tasks: last.length,
    outcomes,
    retries: runs.length - last.length,
    workers: workers.length,
    utilisation: utilisationOf(started, workers),
    peak: running.peak,
    mean: duration === 0 ? 0 : ran / duration,
    waiting: timesOf(started.map(({ queuedAt, from }) => from - queuedAt)),
    running: timesOf(started.map(({ from, to }) => to - from)),
  };
}

/** A worker that runs several tasks at once is not busier for that. */
function utilisationOf(
  started: readonly Run[],
  workers: readonly Worker[],
): number {
  const busyUntil = new Map<Worker, number>();
  let busy = 0;
  for (const { worker, from, to } of started) {
    if (worker?.life === undefined) continue;
    const until = busyUntil.get(worker) ?? 0;
    busy += Math.max(to - Math.max(from, until), 0);
    busyUntil.set(worker, Math.max(to, until));
  }
  const ready = sum(workers, ({ life }) =>
    life?.readyAt === undefined ? 0 : life.endedAt - life.readyAt,
  );
  return ready === 0 ? NaN : Math.min(busy / ready, 1);
}

function timesOf(durations: readonly number[]): Times {
  const sorted = durations.toSorted((a, b) => a - b);
  const quantile = (share: number): number =>
    quantileSorted(sorted, share) ?? NaN;
  return {
    p50: quantile(0.5),
    p90: quantile(0.9),
    p99: quantile(0.99),
    max: quantile(1),
  };
}
