import { type Range, widthOf } from './range.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Marks for a time axis, at round numbers.
 *
 * @param most is the highest number of marks for which there is room
 */
export function ticks(range: Range, most: number): Tick[] {
  const step = roundStep(widthOf(range) / Math.max(most, 1));
  const first = Math.ceil(range.from / step);
  const last = Math.floor(range.to / step);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = (first + index) * step;
    return { at, text: tickText(at, step, range.to) };
  });
}

/** The next of …, 1, 2, 5, 10, 20, 50, … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5].find((candidate) => candidate * power >= least) ?? 10;
  return digit * power;
}

/** With as many digits as tell one mark from the next. */
function tickText(at: number, step: number, end: number): string {
  const [unit, size] = end >= 1000 ? ['s', 1000] : ['ms', 1];
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  return `${(at / size).toFixed(digits)} ${unit}`;
}
