import { columnsOf, plain, shorten } from '@concurrent-executors/progress';
import type { Activity, Place, Quantiles } from './activity.ts';
import { shortDuration } from './duration.ts';
import type { Format, Paint } from './paint.ts';

export interface FrameSettings {
  readonly title: string;
  /** Milliseconds since the start of the view. */
  readonly elapsed: number;
  /** The present time, on the clock of the events. */
  readonly now: number;
  /** Tasks a second. */
  readonly rate: number;
  /** No line takes more columns. */
  readonly columns: number;
  /** There are no more lines. */
  readonly rows: number;
  readonly paint: Paint;
}

const HEADER = ['WORKER', 'STATE', 'FOR', 'DONE', 'TASK'] as const;
/** Of the columns, so that they do not jump from one drawing to the next. */
const MIN_WIDTHS = [9, 'starting'.length, '59m59s'.length, 5, 0] as const;
/** Names of workers and executors that are longer are shortened. */
const MAX_NAME = 24;

/** What the view shows: the totals, then a line for each worker, as many as fit. */
export function frame(activity: Activity, settings: FrameSettings): string[] {
  const totals = totalLines(activity, settings);
  const { places } = activity;
  const room = settings.rows - totals.length - 1;
  if (places.length === 0 || room < 1) return totals.slice(0, settings.rows);
  const several = new Set(places.map(({ executor }) => executor.id)).size > 1;
  const shown = places.length <= room ? places : places.slice(0, room - 1);
  const lines = [...totals, ...table(shown, several, settings)];
  const left = places.length - shown.length;
  if (left > 0) {
    const workers = left === 1 ? 'worker' : 'workers';
    lines.push(
      shorten(`… and ${String(left)} more ${workers}`, settings.columns),
    );
  }
  return lines;
}

/** The lines above the workers, which are also the last word of a view. */
export function totalLines(
  activity: Activity,
  { title, elapsed, rate, columns, paint }: FrameSettings,
): string[] {
  const { waiting, running, done, failed, cancelled, lostWorkers } = activity;
  const tasks = [
    `${String(waiting)} waiting`,
    `${String(running)} running`,
    `${String(done)} done`,
    failed > 0 && `${String(failed)} failed`,
    cancelled > 0 && `${String(cancelled)} cancelled`,
    lostWorkers > 0 &&
      `${String(lostWorkers)} ${lostWorkers === 1 ? 'worker' : 'workers'} lost`,
  ].filter((part) => part !== false);
  const speed = rate.toFixed(rate < 100 ? 1 : 0);
  const bad = failed + lostWorkers > 0;
  return [
    paint(
      ['bold'],
      shorten(
        `${plain(title)}  ${shortDuration(elapsed)}  ${speed} tasks/s`,
        columns,
      ),
    ),
    paint(bad ? ['red'] : [], shorten(tasks.join(', '), columns)),
    paint(
      [],
      shorten(
        `waited ${quantiles(activity.waits)}; ran ${quantiles(activity.runs)}`,
        columns,
      ),
    ),
  ];
}

function quantiles(values: Quantiles | undefined): string {
  return values === undefined
    ? '–'
    : `p50 ${shortDuration(values.p50)} p99 ${shortDuration(values.p99)}`;
}

function table(
  places: readonly Place[],
  several: boolean,
  { columns, now, paint }: FrameSettings,
): string[] {
  const rows = places.map((place) => ({
    state: stateOf(place),
    cells: [
      shorten(nameOf(place, several), MAX_NAME),
      stateOf(place),
      shortDuration(Math.max(0, now - place.since)),
      String(place.done),
      taskOf(place),
    ],
  }));
  const widths = HEADER.map((title, column) =>
    Math.max(
      title.length,
      MIN_WIDTHS[column] ?? 0,
      ...rows.map(({ cells }) => columnsOf(cells[column] ?? '')),
    ),
  );
  const line = (cells: readonly string[]): string =>
    shorten(
      cells
        .map((cell, column) => aligned(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
      columns,
    );
  return [
    paint(['dim'], line(HEADER)),
    ...rows.map(({ state, cells }) => paint(FORMATS[state], line(cells))),
  ];
}

/** Numbers stand on the right of their column. */
function aligned(cell: string, width: number, column: number): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(cell)));
  const isNumber = HEADER[column] === 'FOR' || HEADER[column] === 'DONE';
  return isNumber ? space + cell : cell + space;
}

type State = 'starting' | 'running' | 'idle';

const FORMATS: Readonly<Record<State, Format[]>> = {
  starting: ['yellow'],
  running: ['green'],
  idle: ['dim'],
};

function stateOf(place: Place): State {
  if (place.running.size > 0) return 'running';
  return place.ready ? 'idle' : 'starting';
}

function nameOf({ worker, executor }: Place, several: boolean): string {
  const name = worker === undefined ? 'event loop' : worker.name;
  return plain(several ? `${executor.name}: ${name}` : name);
}

/** The task that has run for longest stands for all of them. */
function taskOf({ running }: Place): string {
  const [oldest] = running;
  if (oldest === undefined) return '';
  const others = running.size - 1;
  const name = plain(oldest.task.name);
  return others === 0 ? name : `${name} (+${String(others)})`;
}
