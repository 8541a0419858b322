/** A part of the time, in milliseconds after the first request started. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Nobody needs to see less than this many milliseconds at once. */
const MIN_WIDTH = 0.1;

export function widthOf({ from, to }: Range): number {
  return to - from;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/**
 * A range that is `factor` times as wide, with `fixed` at the same place in it. It
 * stays inside `whole`.
 */
export function zoom(
  range: Range,
  factor: number,
  fixed: number,
  whole: Range,
): Range {
  const width = Math.max(widthOf(range) * factor, MIN_WIDTH);
  const place = (fixed - range.from) / widthOf(range);
  return within(fixed - place * width, width, whole);
}

/** Moves the range, inside `whole`. */
export function shift(range: Range, by: number, whole: Range): Range {
  return within(range.from + by, widthOf(range), whole);
}

/** The range between two places, in any order. */
export function between(a: number, b: number, whole: Range): Range {
  const width = Math.max(Math.abs(b - a), MIN_WIDTH);
  return within(Math.min(a, b), width, whole);
}

function within(from: number, wanted: number, whole: Range): Range {
  const width = Math.min(wanted, widthOf(whole));
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}
