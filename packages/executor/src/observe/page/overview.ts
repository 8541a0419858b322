import { max, rollup } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { clear } from './canvas.ts';
import type { Colour } from './colours.ts';
import { byId } from './dom.ts';
import { formatCount, formatDuration } from './format.ts';
import type { Levels } from './levels.ts';
import { levelChart } from './level-chart.ts';
import { type Range, widthOf } from './range.ts';
import type { Run } from './recording.ts';

/** How high the marks of failures are, in pixels: a single one, and where most are. */
const MARK_HEIGHTS = [5, 16] as const;

/** The small chart of the whole time: how many tasks run, and how many failed. */
export class Overview {
  readonly #canvas = byId('running', HTMLCanvasElement);
  readonly #running: Levels;
  readonly #whole: Range;
  readonly #failures: readonly number[];

  constructor(running: Levels, runs: readonly Run[], whole: Range) {
    this.#running = running;
    this.#whole = whole;
    this.#failures = runs
      .filter(({ outcome }) => outcome === 'threw' || outcome === 'crashed')
      .map(({ to }) => to);
    this.#canvas.setAttribute(
      'aria-label',
      `Tasks that run over ${formatDuration(widthOf(whole))}, at most ${formatCount(running.peak, 'task')} at once`,
    );
  }

  draw(colours: Readonly<Record<Colour, string>>): void {
    const surface = clear(this.#canvas);
    levelChart(surface, this.#running, this.#whole, colours.accent);
    const { context, width, height } = surface;
    const columns = rollup(
      this.#failures,
      (same) => same.length,
      (time) => Math.floor((time / widthOf(this.#whole)) * (width - 1)),
    );
    const most = max(columns.values()) ?? 1;
    const markHeight = scaleLinear([1, Math.max(most, 2)], MARK_HEIGHTS);
    context.fillStyle = colours.failed;
    for (const [column, count] of columns) {
      const mark = markHeight(count);
      context.fillRect(column, height - mark, 1.5, mark);
    }
  }
}
