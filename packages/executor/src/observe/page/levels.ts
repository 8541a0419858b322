import { bisectRight } from 'd3-array';
import { type Range, widthOf } from './range.ts';

/** A number that changes over time: how many tasks wait, or run. */
export class Levels {
  readonly #times: Float64Array;
  /** From each time on. */
  readonly #levels: Float64Array;
  readonly peak: number;

  /** @param spans each of them adds one to the number */
  constructor(spans: readonly Range[]) {
    const starts = Float64Array.from(spans, ({ from }) => from).sort();
    const ends = Float64Array.from(spans, ({ to }) => to).sort();
    this.#times = new Float64Array(starts.length + ends.length);
    this.#levels = new Float64Array(this.#times.length);
    let started = 0;
    let ended = 0;
    let peak = 0;
    while (ended < ends.length) {
      const index = started + ended;
      const start = starts[started] ?? Infinity;
      const end = ends[ended] ?? Infinity;
      // Where one makes room for the next, there is only one.
      if (end <= start && ended < started) ended += 1;
      else started += 1;
      this.#times[index] = Math.min(start, end);
      this.#levels[index] = started - ended;
      peak = Math.max(peak, started - ended);
    }
    this.peak = peak;
  }

  /** The highest level in each of `bins` equal parts of the range. */
  peaks(range: Range, bins: number): Float64Array {
    const peaks = new Float64Array(bins);
    const width = widthOf(range) / bins;
    let index = bisectRight(this.#times, range.from);
    let level = this.#levels[index - 1] ?? 0;
    for (let bin = 0; bin < bins; bin += 1) {
      const end = range.from + (bin + 1) * width;
      let peak = level;
      while ((this.#times[index] ?? Infinity) < end) {
        level = this.#levels[index] ?? 0;
        peak = Math.max(peak, level);
        index += 1;
      }
      peaks[bin] = peak;
    }
    return peaks;
  }
}
