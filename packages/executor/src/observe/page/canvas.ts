/** A canvas with as many pixels as the screen has, and coordinates as in the style sheet. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen in one of the style sheet. */
  readonly density: number;
}

/** Takes the size of the element, and clears it. */
export function clear(canvas: HTMLCanvasElement): Surface {
  const { clientWidth: width, clientHeight: height } = canvas;
  const density = window.devicePixelRatio;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser has no canvas');
  const [columns, lines] = [width * density, height * density].map(Math.round);
  if (canvas.width !== columns) canvas.width = columns ?? 0;
  if (canvas.height !== lines) canvas.height = lines ?? 0;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, density };
}

/** Stripes: time in which nothing can run yet. */
export function stripes(
  context: CanvasRenderingContext2D,
  colour: string,
): CanvasPattern | string {
  const SIZE = 6;
  const tile = document.createElement('canvas');
  tile.width = tile.height = SIZE;
  const drawing = tile.getContext('2d');
  if (drawing === null) return colour;
  drawing.strokeStyle = colour;
  drawing.lineWidth = 1.2;
  // The corners are drawn from the neighbours, too, so that the stripes meet.
  for (const shift of [-SIZE, 0, SIZE]) {
    drawing.moveTo(shift - 1, SIZE + 1);
    drawing.lineTo(shift + SIZE + 1, -1);
  }
  drawing.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}
