import { columnsOf, plain, shorten } from '@concurrent-executors/progress';
import type { Run } from './gantt-rows.ts';
import { MARKS, type Glyphs } from './glyphs.ts';
import type { Format, Paint } from './paint.ts';
import type { TimeAxis } from './time-axis.ts';

export interface BarStyle {
  readonly axis: TimeAxis;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
  readonly label: (run: Run) => string;
}

interface Cell {
  /** Empty after a character of two columns. */
  readonly text: string;
  readonly formats: Format[];
}

/** Runs that follow each other differ. */
const BAR_FORMATS: readonly Format[] = ['green', 'cyan'];
/** A label that is cut to less says nothing. */
const MIN_CUT_LABEL = 5;
const graphemes = new Intl.Segmenter();

/** A run and its cells, from the first to the one after the last: one at least. */
interface Bar {
  readonly run: Run;
  readonly from: number;
  readonly to: number;
}

/**
 * The cells of a row: where a run is its bar, elsewhere the wait for one. Of runs that
 * are shorter than a cell later ones cover earlier ones, but marks are never covered.
 */
export function barLine(runs: readonly Run[], style: BarStyle): string {
  const cells: (Cell | undefined)[] = Array<undefined>(style.axis.columns).fill(
    undefined,
  );
  const bars = barsOf(runs, style.axis);
  for (const run of runs) drawWait(cells, run, style);
  bars.forEach((bar, index) => {
    drawBar(
      cells,
      bar,
      style,
      BAR_FORMATS[index % BAR_FORMATS.length] ?? 'green',
    );
  });
  for (const bar of bars) drawMark(cells, bar);
  return painted(cells, style.paint);
}

/** A bar that is long enough begins behind the one before it, also if that is too long. */
function barsOf(runs: readonly Run[], axis: TimeAxis): Bar[] {
  let free = 0;
  return runs.map((run) => {
    const earliest = Math.min(axis.borderOf(run.startedAt), axis.columns - 1);
    const to = Math.max(earliest + 1, axis.borderOf(run.endedAt));
    const from = Math.max(earliest, Math.min(free, to - 1));
    free = to;
    return { run, from, to };
  });
}

function drawWait(
  cells: (Cell | undefined)[],
  { queuedAt, startedAt }: Run,
  { axis, glyphs }: BarStyle,
): void {
  const wait: Cell = { text: glyphs.wait, formats: ['dim'] };
  cells.fill(wait, axis.borderOf(queuedAt), axis.borderOf(startedAt));
}

function drawBar(
  cells: (Cell | undefined)[],
  { run, from, to }: Bar,
  { glyphs, label }: BarStyle,
  color: Format,
): void {
  cells.fill({ text: glyphs.run, formats: [color] }, from, to);
  if (to - from < 2) return;
  cells[from] = { text: glyphs.firstOfRun, formats: [color] };
  // One cell stays free for the mark.
  const room = to - from - 2;
  const whole = plain(label(run));
  if (columnsOf(whole) > room && room < MIN_CUT_LABEL) return;
  const text = shorten(whole, room);
  let column = from + 1 + Math.floor((room - columnsOf(text)) / 2);
  for (const { segment } of graphemes.segment(text)) {
    const width = columnsOf(segment);
    cells.fill(
      { text: '', formats: [color, 'inverse'] },
      column,
      column + width,
    );
    cells[column] = { text: segment, formats: [color, 'inverse'] };
    column += width;
  }
}

function drawMark(cells: (Cell | undefined)[], { run, to }: Bar): void {
  const mark = MARKS[run.outcome];
  if (mark === undefined) return;
  cells[to - 1] = { text: mark, formats: ['red', 'bold'] };
}

/** Cells with the same formats are painted at once. */
function painted(cells: readonly (Cell | undefined)[], paint: Paint): string {
  let line = '';
  let text = '';
  let formats: Format[] = [];
  for (const cell of cells) {
    const next = cell?.formats ?? [];
    if (next.join() !== formats.join()) {
      line += paint(formats, text);
      text = '';
      formats = next;
    }
    text += cell?.text ?? ' ';
  }
  return line + paint(formats, text);
}
