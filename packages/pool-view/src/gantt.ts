import type { Outcome, TaskSpan } from '@concurrent-executors/executor/observe';
import { columnsOf, plain, shorten } from '@concurrent-executors/progress';
import { shortDuration } from './duration.ts';
import { barLine } from './gantt-bars.ts';
import { hasBegun, rowsOf } from './gantt-rows.ts';
import { ASCII, BLOCKS, MARKS } from './glyphs.ts';
import { inColor, withoutColor } from './paint.ts';
import { TimeAxis } from './time-axis.ts';

export interface GanttOptions {
  /** The columns that the chart takes. */
  readonly width: number;
  /** Whether to use colours. Default false. */
  readonly color?: boolean;
  /** Whether to use no characters but those of ASCII. Default false. */
  readonly ascii?: boolean;
  /** What stands in the bar of a run, if it fits. Default: the name of the task. */
  readonly label?: (span: TaskSpan) => string;
  /** Default 50; of further rows only their number is told. */
  readonly maxRows?: number;
}

/** Names of workers that are longer are shortened. */
const MAX_NAME = 24;
/** With fewer columns the chart says nothing; then it is wider than asked for. */
const MIN_CHART = 20;
const WAITING = 'waiting';

/**
 * A Gantt chart for a terminal: a row for each worker with a bar for each run of a task,
 * the number of tasks that waited, and the time. It is to scale, but a bar has one column
 * at least.
 *
 * @returns lines, each with its end; none without spans
 */
export function gantt(
  spans: readonly TaskSpan[],
  {
    width,
    color = false,
    ascii = false,
    label = ({ task }) => task.name,
    maxRows = 50,
  }: GanttOptions,
): string {
  if (spans.length === 0) return '';
  const glyphs = ascii ? ASCII : BLOCKS;
  const paint = color ? inColor : withoutColor;
  const rows = rowsOf(spans.filter(hasBegun));
  const shown = rows.slice(0, maxRows).map(({ name, runs }) => ({
    name: shorten(plain(name), MAX_NAME),
    runs,
  }));
  const nameWidth = Math.max(
    WAITING.length,
    ...shown.map(({ name }) => columnsOf(name)),
  );
  const start = spans.reduce(
    (at, span) => Math.min(at, span.queuedAt),
    Infinity,
  );
  const end = spans.reduce((at, span) => Math.max(at, span.endedAt), -Infinity);
  const axis = new TimeAxis(
    start,
    end,
    Math.max(MIN_CHART, width - nameWidth - 2),
  );
  const row = (name: string, cells: string): string =>
    `${name}${' '.repeat(nameWidth - columnsOf(name))}  ${cells}`.trimEnd();
  const left = rows.length - shown.length;
  return [
    ...shown.map(({ name, runs }) =>
      row(name, barLine(runs, { axis, glyphs, paint, label })),
    ),
    ...(left > 0 ? [`… and ${String(left)} more rows`] : []),
    row(WAITING, paint(['dim'], waitingLine(spans, axis))),
    ...axis.lines(glyphs).map((line) => row('', paint(['dim'], line))),
    summary(spans, end - start),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** How many tasks waited in the middle of each column; `+` is more than nine. */
function waitingLine(spans: readonly TaskSpan[], axis: TimeAxis): string {
  // What changes from one column to the next.
  const changes = Array<number>(axis.columns + 1).fill(0);
  const change = (at: number, by: number): void => {
    const border = axis.borderOf(at);
    changes[border] = (changes[border] ?? 0) + by;
  };
  for (const { queuedAt, startedAt, endedAt } of spans) {
    change(queuedAt, 1);
    change(startedAt ?? endedAt, -1);
  }
  let waiting = 0;
  return changes
    .slice(0, axis.columns)
    .map((by) => {
      waiting += by;
      if (waiting === 0) return ' ';
      return waiting > 9 ? '+' : String(waiting);
    })
    .join('')
    .trimEnd();
}

/** What the marks mean, and what is not in the chart. */
function summary(spans: readonly TaskSpan[], duration: number): string {
  const runs = spans.filter(hasBegun);
  const parts = [
    `${String(runs.length)} ${runs.length === 1 ? 'run' : 'runs'} in ${shortDuration(duration)}`,
  ];
  for (const [outcome, count] of countOutcomes(runs)) {
    const mark = MARKS[outcome];
    if (mark !== undefined) parts.push(`${mark} ${String(count)} ${outcome}`);
  }
  const unstarted = spans.filter((span) => !hasBegun(span));
  for (const [outcome, count] of countOutcomes(unstarted))
    parts.push(`not started: ${String(count)} ${outcome}`);
  return parts.join('; ');
}

/** In the order in which they are first met. */
function countOutcomes(spans: readonly TaskSpan[]): Map<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of spans)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}
