import { type D3BrushEvent, brushX } from 'd3-brush';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { type Selection, select } from 'd3-selection';
import { type D3ZoomEvent, zoom, zoomIdentity } from 'd3-zoom';
import { type Range, widthOf } from './range.ts';

/** Nobody needs to see less than this many milliseconds at once: times have microseconds. */
const MIN_WIDTH = 0.01;

/**
 * The part of the time that is shown. The wheel and dragging in the plot change it, and so
 * does dragging over the overview of the whole time.
 */
export class View {
  readonly whole: Range;
  readonly #onChange: () => void;
  readonly #canvas: HTMLCanvasElement;
  readonly #plot: Selection<HTMLCanvasElement, unknown, null, undefined>;
  readonly #zoom = zoom<HTMLCanvasElement, unknown>();
  readonly #overview: SVGSVGElement;
  readonly #brushed: Selection<SVGGElement, unknown, null, undefined>;
  readonly #brush = brushX<unknown>();
  #range: Range;
  /** The user is dragging over the overview, which shows where. */
  #brushing = false;

  /** @param onDrag is told how far the plot was dragged down, in pixels */
  constructor(
    plot: HTMLCanvasElement,
    overview: SVGSVGElement,
    whole: Range,
    onChange: () => void,
    onDrag: (pixels: number) => void,
  ) {
    this.whole = whole;
    this.#range = whole;
    this.#onChange = onChange;
    this.#canvas = plot;
    this.#plot = select(plot);
    this.#overview = overview;
    this.#brushed = select(overview).append('g');
    this.#listenToPlot(onDrag);
    this.#listenToOverview();
    this.fit();
  }

  get range(): Range {
    return this.#range;
  }

  /** From times to pixels of the plot. */
  get scale(): ScaleLinear<number, number> {
    return scaleOf(this.#range, this.#canvas);
  }

  /** Takes the sizes of plot and overview again; shows the same part of the time. */
  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    this.#zoom
      .scaleExtent([1, Math.max(widthOf(this.whole) / MIN_WIDTH, 1)])
      .extent([
        [0, 0],
        [width, height],
      ])
      .translateExtent([
        [0, -Infinity],
        [width, Infinity],
      ]);
    this.#brush.extent([
      [0, 0],
      [this.#overview.clientWidth, this.#overview.clientHeight],
    ]);
    this.#brushed.call(this.#brush);
    this.show(this.#range);
  }

  /** Shows this part, as far as it is inside the whole time. */
  show({ from, to }: Range): void {
    const most = widthOf(this.whole);
    const width = Math.min(Math.max(to - from, MIN_WIDTH), most);
    const start = Math.min(Math.max(from, this.whole.from), most - width);
    const factor = most / width;
    const left = scaleOf(this.whole, this.#canvas)(start) * factor;
    this.#zoom.transform(
      this.#plot,
      zoomIdentity.translate(-left, 0).scale(factor),
    );
  }

  showAll(): void {
    this.show(this.whole);
  }

  /** @param centre stays where it is, if it is in the view; the middle by default */
  zoomBy(factor: number, centre?: number): void {
    const { clientWidth } = this.#canvas;
    const x = centre === undefined ? -1 : this.scale(centre);
    const fixed = x >= 0 && x <= clientWidth ? x : clientWidth / 2;
    this.#zoom.scaleBy(this.#plot, factor, [fixed, 0]);
  }

  /** @param share of what is shown; below 0 to go to what was earlier */
  moveBy(share: number): void {
    const by = share * widthOf(this.#range);
    this.show({ from: this.#range.from + by, to: this.#range.to + by });
  }

  /** Moves the view to where a time span is seen, if it is not. */
  reveal({ from, to }: Range): void {
    const { range } = this;
    if (from >= range.from && to <= range.to) return;
    const width = Math.max(widthOf(range), (to - from) * 1.5);
    const centre = (from + to) / 2;
    this.show({ from: centre - width / 2, to: centre + width / 2 });
  }

  #listenToPlot(onDrag: (pixels: number) => void): void {
    this.#zoom
      .filter((event: MouseEvent) =>
        event instanceof WheelEvent
          ? !isSideways(event)
          : event.button === 0 && !event.ctrlKey,
      )
      .on('zoom', (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        const [from = 0, to = 0] = event.transform
          .rescaleX(scaleOf(this.whole, this.#canvas))
          .domain();
        this.#range = {
          from: Math.max(from, this.whole.from),
          to: Math.min(to, this.whole.to),
        };
        const source: unknown = event.sourceEvent;
        if (source instanceof MouseEvent && source.type === 'mousemove') {
          onDrag(source.movementY);
        }
        this.#showInOverview();
        this.#onChange();
      });
    this.#plot.call(this.#zoom).on('dblclick.zoom', null);
    this.#canvas.addEventListener(
      'wheel',
      (event) => {
        if (!isSideways(event)) return;
        event.preventDefault();
        const pixels = event.deltaX || event.deltaY;
        this.moveBy(pixels / this.#canvas.clientWidth);
      },
      { passive: false },
    );
  }

  #listenToOverview(): void {
    this.#brush
      .on('start end', ({ type, sourceEvent }: D3BrushEvent<unknown>) => {
        // Without a source it is what this class has asked for.
        if (!sourceEvent) return;
        this.#brushing = type === 'start';
        // A click has removed the window.
        this.#showInOverview();
      })
      .on('brush', ({ selection, sourceEvent }: D3BrushEvent<unknown>) => {
        if (!sourceEvent || selection === null) return;
        const [left, right] = selection as [number, number]; // That of a brush along x.
        const time = scaleOf(this.whole, this.#overview);
        this.show({ from: time.invert(left), to: time.invert(right) });
      });
    this.#overview.addEventListener('dblclick', () => {
      this.showAll();
    });
  }

  #showInOverview(): void {
    if (this.#brushing) return;
    const time = scaleOf(this.whole, this.#overview);
    const { from, to } = this.#range;
    const all = to - from >= widthOf(this.whole);
    this.#brush.move(this.#brushed, all ? null : [time(from), time(to)]);
  }
}

/** From times to pixels of an element. */
function scaleOf(
  { from, to }: Range,
  { clientWidth }: Element,
): ScaleLinear<number, number> {
  return scaleLinear([from, to], [0, clientWidth]);
}

/** Whether a turn of the wheel moves the view. With Ctrl, as when fingers pinch, it zooms. */
function isSideways(event: WheelEvent): boolean {
  const across = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  return !event.ctrlKey && (event.shiftKey || across);
}
