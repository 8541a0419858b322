import { bisector } from 'd3-array';
import { type Range, widthOf } from './range.ts';
import type { Run } from './recording.ts';

const byStart = bisector(({ from }: Run) => from);
const byEnd = bisector(({ to }: Run) => to);

/** What one bar stands for: a run, or several of which none is wider than a pixel. */
export interface Bar extends Range {
  /** The first of them. */
  readonly run: Run;
  readonly count: number;
  /** Which part of the time from `from` to `to` they ran. */
  readonly share: number;
  /**
   * Since when the first one waited while this row was free. Before that it waited, too,
   * but the bars of others stand there.
   */
  readonly waitedFrom: number;
}

/** Runs that do not overlap, in the order of time. */
export class Lane {
  readonly runs: readonly Run[];
  /** How long the runs before each one took, together. */
  readonly #ranBefore: Float64Array;

  /** @param runs sorted, not overlapping */
  constructor(runs: readonly Run[]) {
    this.runs = runs;
    this.#ranBefore = new Float64Array(runs.length + 1);
    for (const [index, { from, to }] of runs.entries()) {
      this.#ranBefore[index + 1] = (this.#ranBefore[index] ?? 0) + to - from;
    }
  }

  /** How many of them are to be seen in this part of the time. */
  countIn({ from, to }: Range): number {
    return byStart.right(this.runs, to) - byEnd.left(this.runs, from);
  }

  /** The run that is closest to a time, if it is not further away than `most`. */
  nearest(time: number, most: number): Run | undefined {
    const next = byEnd.left(this.runs, time);
    const distance = ({ from, to }: Run): number =>
      Math.max(from - time, time - to, 0);
    return this.runs
      .slice(Math.max(next - 1, 0), next + 1)
      .filter((run) => distance(run) <= most)
      .sort((a, b) => distance(a) - distance(b))[0];
  }

  /**
   * What is to be drawn of a part of the time that is `pixels` wide: at most two bars a
   * pixel, found by binary search, however many runs there are. The next one after that
   * part is there, too: its wait may begin before.
   */
  *bars(range: Range, pixels: number): Generator<Bar> {
    const pixel = widthOf(range) / pixels;
    const { runs } = this;
    let index = byEnd.left(runs, range.from);
    for (;;) {
      const run = runs[index];
      if (run === undefined) return;
      const { from, to } = run;
      const waitedFrom = Math.max(run.queuedAt, runs[index - 1]?.to ?? 0);
      const isBehind = from > range.to;
      if (isBehind || to - from >= pixel) {
        yield { from, to, run, count: 1, share: 1, waitedFrom };
        if (isBehind) return;
        index += 1;
        continue;
      }
      const column = Math.floor((from - range.from) / pixel);
      const start = range.from + column * pixel;
      const end = start + pixel;
      let next = Math.max(byStart.left(runs, end, index), index + 1);
      const last = runs[next - 1];
      // Only the last that begins in this pixel can go on for longer than one.
      if (last !== undefined && last !== run && last.to - last.from >= pixel) {
        next -= 1;
      }
      const ran = (this.#ranBefore[next] ?? 0) - (this.#ranBefore[index] ?? 0);
      yield {
        from: start,
        to: end,
        run,
        count: next - index,
        share: Math.min(ran / pixel, 1),
        waitedFrom,
      };
      index = next;
    }
  }

  /**
   * Where runs end. Those of which each ends at most `distance` after the one before
   * are one stretch of time; an end for itself is a stretch without length.
   */
  *ends(range: Range, distance: number): Generator<Range> {
    const { runs } = this;
    let index = byEnd.left(runs, range.from);
    for (;;) {
      const first = runs[index];
      if (first === undefined || first.to > range.to) return;
      let last = first;
      for (;;) {
        const next = byEnd.right(runs, last.to + distance, index);
        const furthest = runs[next - 1] ?? last;
        index = next;
        if (furthest === last || last.to > range.to) break;
        last = furthest;
      }
      yield { from: first.to, to: last.to };
    }
  }
}
