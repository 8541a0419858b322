import { axisTop } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { clear } from './canvas.ts';
import { byId, element } from './dom.ts';
import { formatCount, formatNumber, visible } from './format.ts';
import { Lane } from './lane.ts';
import type { Row } from './layout.ts';
import type { Levels } from './levels.ts';
import { levelChart } from './level-chart.ts';
import { type MarkedLane, markedLane } from './marked-lane.ts';
import { Painter, ROW_HEIGHT, type Style } from './painter.ts';
import type { Run, Worker } from './recording.ts';
import type { View } from './view.ts';

/** Room for the text of one mark of the axis, in pixels. */
const TICK_WIDTH = 90;

/** How far from a run the pointer still means it, in pixels. */
const REACH = 5;

/** What is under the pointer. */
export interface Spot {
  readonly run: Run | undefined;
  readonly worker: Worker | undefined;
}

/** What the user looks at. */
export interface Focus {
  readonly run: Run | undefined;
  /** Undefined if nothing is searched for. */
  readonly matches: ReadonlySet<Run> | undefined;
}

/**
 * The rows with their bars. It draws those that are to be seen, on one canvas that stays
 * where it is while the rows scroll, so that it makes no difference how many there are.
 */
export class Chart {
  readonly scroller = byId('timeline', HTMLElement);
  readonly plot = byId('plot', HTMLCanvasElement);
  readonly #axis = byId('axis', SVGSVGElement);
  readonly #queue = byId('queue', HTMLCanvasElement);
  readonly #labels = byId('labels', HTMLElement);
  readonly #rows: readonly Row[];
  readonly #lanes: readonly MarkedLane[];
  readonly #rowOf = new Map<Run, number>();
  readonly #waiting: Levels;
  /** Those searched for, as long as there is a search. */
  #matching: readonly MarkedLane[] | undefined;
  #matches: ReadonlySet<Run> | undefined;

  constructor(rows: readonly Row[], waiting: Levels) {
    this.#rows = rows;
    this.#waiting = waiting;
    this.#lanes = rows.map(({ lane }) => markedLane(lane));
    for (const [index, { lane }] of rows.entries()) {
      for (const run of lane.runs) this.#rowOf.set(run, index);
    }
    const height = `${String(rows.length * ROW_HEIGHT)}px`;
    byId('sheet', HTMLElement).style.minHeight = height;
  }

  draw(view: View, style: Style, focus: Focus): void {
    this.#search(focus.matches);
    const { scale, range } = view;
    const painter = new Painter(clear(this.plot), scale, range, style);
    const marks = this.#drawAxis(view);
    painter.grid(marks);
    const [first, last] = this.#seen();
    for (let index = first; index < last; index += 1) {
      this.#drawRow(painter, index, focus);
    }
    this.#label(first, last);
    levelChart(clear(this.#queue), this.#waiting, range, style.colours.quiet);
  }

  /** How many runs are in this part of the time, in all rows. */
  countIn(range: View['range']): number {
    return this.#rows.reduce((sum, { lane }) => sum + lane.countIn(range), 0);
  }

  /** What is at a place of the plot. */
  spotAt(x: number, y: number, { scale }: View): Spot {
    const row = this.#rows[Math.floor((y + this.#scrolled) / ROW_HEIGHT)];
    const time = scale.invert(x);
    const run = row?.lane.nearest(time, scale.invert(x + REACH) - time);
    return { run, worker: run?.worker ?? row?.workers.find(livesAt(time)) };
  }

  /** Scrolls to the row of a run. */
  reveal(run: Run): void {
    const top = (this.#rowOf.get(run) ?? 0) * ROW_HEIGHT;
    const room = this.plot.clientHeight - 2 * ROW_HEIGHT;
    const { scrollTop } = this.scroller;
    this.scroller.scrollTop = Math.min(
      Math.max(scrollTop, top - room),
      Math.max(top - ROW_HEIGHT, 0),
    );
  }

  get #scrolled(): number {
    return this.scroller.scrollTop;
  }

  /** The rows that are at least partly in the window. */
  #seen(): [first: number, end: number] {
    const first = Math.floor(this.#scrolled / ROW_HEIGHT);
    const bottom = this.#scrolled + this.plot.clientHeight;
    return [first, Math.min(Math.ceil(bottom / ROW_HEIGHT), this.#rows.length)];
  }

  #drawRow(painter: Painter, index: number, { run }: Focus): void {
    const row = this.#rows[index];
    const all = this.#lanes[index];
    if (row === undefined || all === undefined) return;
    const top = index * ROW_HEIGHT - this.#scrolled;
    if (row.kind === 'executor') painter.separator(top);
    if (row.part === 0) {
      for (const worker of row.workers) painter.life(top, worker);
    }
    const looked = this.#matching?.[index] ?? all;
    if (row.kind !== 'not-started') {
      if (looked !== all) painter.bars(top, all.lane, true);
      painter.bars(top, looked.lane, false);
    }
    painter.signs(top, looked);
    if (run !== undefined && this.#rowOf.get(run) === index) {
      painter.chosen(top, run);
    }
  }

  #search(matches: ReadonlySet<Run> | undefined): void {
    if (matches === this.#matches) return;
    this.#matches = matches;
    this.#matching =
      matches &&
      this.#rows.map(({ lane: { runs } }) =>
        markedLane(new Lane(runs.filter((run) => matches.has(run)))),
      );
  }

  /** The marks of the axis, in milliseconds. */
  #drawAxis({ range }: View): number[] {
    const width = this.plot.clientWidth;
    const [unit, size] = range.to >= 1000 ? ['s', 1000] : ['ms', 1];
    const scale = scaleLinear([range.from / size, range.to / size], [0, width]);
    const count = Math.max(Math.floor(width / TICK_WIDTH), 2);
    const format = scale.tickFormat(count);
    const axis = axisTop(scale)
      .ticks(count)
      .tickSizeOuter(0)
      .tickFormat((time) => `${format(time)} ${unit}`);
    select(this.#axis).select<SVGGElement>('g').call(axis);
    return scale.ticks(count).map((time) => time * size);
  }

  #label(first: number, end: number): void {
    this.#labels.replaceChildren(
      ...this.#rows.slice(first, end).map((row, index) => {
        const label = labelOf(row, first + index);
        label.style.top = `${String((first + index) * ROW_HEIGHT)}px`;
        return label;
      }),
    );
  }
}

/** A worker of which nothing is known has lived all the time. */
const livesAt =
  (time: number) =>
  ({ life }: Worker): boolean =>
    life === undefined || (life.startedAt <= time && time <= life.endedAt);

function labelOf(row: Row, index: number): HTMLElement {
  const { kind, executor, workers, part, lane } = row;
  const [first, second] = workers;
  const texts = {
    executor: executor.name,
    worker:
      second === undefined
        ? (first?.name ?? '')
        : formatCount(workers.length, 'worker'),
    'event-loop': 'event loop',
    'not-started': 'not started',
  } as const;
  const label = element('div', {
    class: `label ${kind}`,
    'data-row': String(index),
    'data-runs': String(lane.runs.length),
  });
  const text = visible(texts[kind]);
  label.append(element('span', { title: text }, part === 0 ? text : ''));
  if (kind === 'executor') {
    label.append(' ', element('small', {}, visible(remarkOn(executor))));
  }
  return label;
}

function remarkOn({ kind, name, maxWorkers }: Row['executor']): string {
  return [
    ...(kind === name ? [] : [kind]),
    ...(maxWorkers === null
      ? []
      : [`up to ${formatNumber(maxWorkers)} at once`]),
  ].join(', ');
}
