import type { Surface } from './canvas.ts';
import type { Levels } from './levels.ts';
import type { Range } from './range.ts';

/** Draws a number over time as an area, with its highest value as high as the canvas. */
export function levelChart(
  { context, width, height }: Surface,
  levels: Levels,
  range: Range,
  colour: string,
): void {
  const PADDING = 3;
  const bins = Math.max(Math.floor(width), 1);
  const unit = (height - PADDING) / Math.max(levels.peak, 1);
  context.beginPath();
  context.moveTo(0, height);
  for (const [x, level] of levels.peaks(range, bins).entries()) {
    const y = height - level * unit;
    context.lineTo(x, y);
    context.lineTo(x + 1, y);
  }
  context.lineTo(bins, height);
  context.fillStyle = colour;
  context.globalAlpha = 0.45;
  context.fill();
  context.globalAlpha = 1;
}
