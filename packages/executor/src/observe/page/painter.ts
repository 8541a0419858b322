import type { ScaleLinear } from 'd3-scale';
import { type Surface, stripes } from './canvas.ts';
import type { Colour } from './colours.ts';
import { visible } from './format.ts';
import type { Bar, Lane } from './lane.ts';
import type { MarkedLane } from './marked-lane.ts';
import type { Range } from './range.ts';
import type { Run, Worker } from './recording.ts';
import { type Sign, SIGNS } from './signs.ts';

/** Heights in a row, in pixels. */
export const ROW_HEIGHT = 24;
const BAR_HEIGHT = 14;
const LIFE_HEIGHT = 2;

/** A bar that is narrower has no room for its name. */
const NAME_WIDTH = 56;

/** Signs that are closer to each other would overlap. */
const SIGN_WIDTH = 12;

/** How much paler the wait for a run is. */
const WAIT_SHARE = 0.25;

/** A bar of which its runs fill little is still seen. */
const LEAST_SHARE = 0.35;

const SHAPES = Object.fromEntries(
  Object.entries(SIGNS).map(([sign, { path }]) => [sign, new Path2D(path)]),
) as Record<Sign, Path2D>; // fromEntries() forgets the keys.

/** How a plot is to be drawn. */
export interface Style {
  readonly colours: Readonly<Record<Colour, string>>;
  readonly colourOf: (name: string) => Colour;
}

/** Draws what stands in the rows of the timeline. */
export class Painter {
  readonly #surface: Surface;
  readonly #scale: ScaleLinear<number, number>;
  readonly #range: Range;
  readonly #style: Style;
  readonly #stripes: CanvasPattern | string;

  constructor(
    surface: Surface,
    scale: ScaleLinear<number, number>,
    range: Range,
    style: Style,
  ) {
    this.#surface = surface;
    this.#scale = scale;
    this.#range = range;
    this.#style = style;
    this.#stripes = stripes(surface.context, style.colours.quiet);
  }

  /** The lines of the axis, behind everything. */
  grid(marks: readonly number[]): void {
    const { context, height } = this.#surface;
    context.fillStyle = this.#style.colours.line;
    for (const mark of marks) {
      context.fillRect(Math.round(this.#scale(mark)), 0, 1, height);
    }
  }

  /** The line above an executor. */
  separator(top: number): void {
    const { context, width } = this.#surface;
    context.fillStyle = this.#style.colours.line;
    context.fillRect(0, top, width, 1);
  }

  /** Stripes until the worker is ready, then a thin line until it ends. */
  life(top: number, { life }: Worker): void {
    if (life === undefined) return;
    const { startedAt, endedAt } = life;
    const { from, to } = this.#range;
    // Where so many are replaced that none fills a pixel, the bars tell enough.
    const narrow = this.#scale(endedAt) - this.#scale(startedAt) < 1;
    if (narrow || endedAt < from || startedAt > to) return;
    const { colours } = this.#style;
    const { context } = this.#surface;
    const ready = life.readyAt ?? endedAt;
    const middle = top + ROW_HEIGHT / 2;
    this.#fill(
      { from: startedAt, to: ready },
      middle - BAR_HEIGHT / 2,
      BAR_HEIGHT,
      this.#stripes,
    );
    this.#fill(
      { from: ready, to: endedAt },
      middle - LIFE_HEIGHT / 2,
      LIFE_HEIGHT,
      colours.line,
    );
    if (life.end === undefined) return;
    const crashed = life.end === 'crashed';
    context.fillStyle = crashed ? colours.failed : colours.quiet;
    context.fillRect(this.#scale(endedAt) - 1, middle - 6, 2, 12);
  }

  /** @param faded where others are looked for */
  bars(top: number, lane: Lane, faded: boolean): void {
    const { context, width, density } = this.#surface;
    const { colours, colourOf } = this.#style;
    const y = top + (ROW_HEIGHT - BAR_HEIGHT) / 2;
    for (const bar of lane.bars(this.#range, width * density)) {
      const colour = colours[colourOf(bar.run.name)];
      const wait = { from: bar.waitedFrom, to: bar.run.from };
      if (this.#scale(wait.to) - this.#scale(wait.from) >= 1) {
        context.globalAlpha = faded ? 0.05 : WAIT_SHARE;
        this.#fill(wait, y, BAR_HEIGHT, colour);
      }
      const share = LEAST_SHARE + (1 - LEAST_SHARE) * bar.share;
      context.globalAlpha = faded ? 0.15 : share;
      const wide = this.#fill(bar, y, BAR_HEIGHT, colour);
      if (!faded && wide > NAME_WIDTH) this.#name(bar, y);
    }
    context.globalAlpha = 1;
  }

  /** What did not simply return. Signs without room are one sign and a line. */
  signs(top: number, { marks }: MarkedLane): void {
    const distance = this.#scale.invert(SIGN_WIDTH) - this.#scale.invert(0);
    for (const [sign, lane] of marks) {
      const colour = this.#style.colours[SIGNS[sign].colour];
      for (const ends of lane.ends(this.#range, distance)) {
        const [left, right] = this.#edges(ends);
        const long = right - left > SIGN_WIDTH;
        if (long) this.#fill(ends, top + ROW_HEIGHT - 4, 3, colour);
        // The sign of another run stands behind the bar, beside that of its outcome.
        const x = (long ? left : right) + (sign === 'retried' ? 13 : 0);
        this.#sign(sign, x, top + ROW_HEIGHT / 2);
      }
    }
  }

  /** A frame around a run, and a line for the time in which it waited. */
  chosen(top: number, run: Run): void {
    const { context } = this.#surface;
    const { colours } = this.#style;
    const bottom = top + ROW_HEIGHT - 3;
    this.#fill({ from: run.queuedAt, to: run.from }, bottom, 2, colours.accent);
    context.fillStyle = colours.accent;
    context.fillRect(this.#scale(run.queuedAt) - 1, bottom - 5, 2, 7);
    const [left, right] = this.#edges(run);
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.strokeRect(
      left - 1.5,
      top + (ROW_HEIGHT - BAR_HEIGHT) / 2 - 1.5,
      right - left + 3,
      BAR_HEIGHT + 3,
    );
  }

  #edges({ from, to }: Range): [left: number, right: number] {
    const { width } = this.#surface;
    // A canvas cannot draw what is millions of pixels wide.
    const left = Math.max(this.#scale(from), -10);
    const right = Math.min(this.#scale(to), width + 10);
    return [left, Math.max(right, left)];
  }

  /** How wide it is. Bars that are side by side have a gap between them. */
  #fill(
    range: Range,
    y: number,
    height: number,
    colour: string | CanvasPattern,
  ): number {
    const { context, density } = this.#surface;
    const [left, right] = this.#edges(range);
    const width = right - left;
    context.fillStyle = colour;
    const gap = width > 4 ? 1 : 0;
    context.fillRect(left, y, Math.max(width - gap, 1 / density), height);
    return width;
  }

  #name(bar: Bar, y: number): void {
    const { context } = this.#surface;
    const [left, right] = this.#edges(bar);
    const from = Math.max(left, 0);
    context.save();
    context.beginPath();
    context.rect(from, y, right - from - 10, BAR_HEIGHT);
    context.clip();
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillStyle = this.#style.colours['on-bar'];
    // More cannot be seen, and takes long to draw.
    const name = visible(bar.run.name.slice(0, 200));
    context.fillText(name, from + 4, y + BAR_HEIGHT / 2 + 0.5);
    context.restore();
  }

  #sign(sign: Sign, x: number, y: number): void {
    const { context } = this.#surface;
    const { colours } = this.#style;
    const { colour, form } = SIGNS[sign];
    const shape = SHAPES[sign];
    context.save();
    context.translate(x, y);
    context.lineJoin = context.lineCap = 'round';
    // Around it, so that it stands out from bars of any colour.
    context.strokeStyle = colours.surface;
    context.lineWidth = form === 'filled' ? 3 : 5;
    context.stroke(shape);
    context.strokeStyle = context.fillStyle = colours[colour];
    context.lineWidth = 2;
    if (form === 'filled') context.fill(shape);
    else context.stroke(shape);
    context.restore();
  }
}
