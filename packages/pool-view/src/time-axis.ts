import { scaleLinear } from 'd3-scale';
import type { Glyphs } from './glyphs.ts';

/** Columns that a label needs, with space around it. */
const COLUMNS_A_TICK = 10;

/** The time from `start` to `end`, in milliseconds, over a number of columns. */
export class TimeAxis {
  readonly columns: number;
  readonly #start: number;
  readonly #scale;
  readonly #unit;

  constructor(start: number, end: number, columns: number) {
    this.columns = columns;
    this.#start = start;
    this.#unit =
      end - start >= 2000
        ? { name: 's', milliseconds: 1000 }
        : { name: 'ms', milliseconds: 1 };
    // d3 takes the middle of the range for each moment of an empty domain.
    const duration = Math.max(end - start, Number.EPSILON);
    this.#scale = scaleLinear()
      .domain([0, duration / this.#unit.milliseconds])
      .range([0, columns]);
  }

  /** The border between two columns that is next to a moment: how many lie before it. */
  borderOf(at: number): number {
    return Math.round(this.#position(at));
  }

  /** The line of ticks, and their labels below. */
  lines({ ruler, tick }: Glyphs): [string, string] {
    const { columns } = this;
    const count = Math.max(2, Math.floor(columns / COLUMNS_A_TICK));
    const format = this.#scale.tickFormat(count);
    const ticks = Array<string>(columns).fill(ruler);
    let labels = '';
    for (const value of this.#scale.ticks(count)) {
      const column = Math.min(Math.round(this.#scale(value)), columns - 1);
      ticks[column] = tick;
      const label = `${format(value)}${this.#unit.name}`;
      // At the right end it stands as far to the right as there is room.
      const at = Math.min(column, columns - label.length);
      if (labels !== '' && at <= labels.length) continue;
      labels = labels.padEnd(at) + label;
    }
    return [ticks.join(''), labels];
  }

  #position(at: number): number {
    return this.#scale((at - this.#start) / this.#unit.milliseconds);
  }
}
