import { formatCount, formatDuration } from './format.ts';
import { between, type Range, widthOf } from './range.ts';
import type { Request } from './request.ts';
import { concurrency } from './statistics.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Columns of the graph, and its height, in units of its own. */
const COLUMNS = 600;
const HEIGHT = 100;

/** A shorter drag is a click, in columns. */
const MIN_DRAG = 4;

/**
 * The small graph of the whole run: how many requests were in progress at each
 * time, with a mark where one failed. Dragging over it selects a range of time.
 */
export class Overview {
  readonly #svg: SVGSVGElement;
  readonly #whole: Range;
  readonly #window: SVGElement;

  constructor(
    svg: SVGSVGElement,
    requests: readonly Request[],
    whole: Range,
    onSelect: (range: Range) => void,
  ) {
    this.#svg = svg;
    this.#whole = whole;
    const levels = concurrency(requests, whole.to, COLUMNS);
    const peak = Math.max(1, ...levels);
    svg.setAttribute('viewBox', `0 0 ${String(COLUMNS)} ${String(HEIGHT)}`);
    svg.setAttribute(
      'aria-label',
      `Requests in progress over ${formatDuration(widthOf(whole))}, at most ${formatCount(peak, 'request')} at once`,
    );
    const failures = requests.filter(({ failed }) => failed);
    this.#window = shape('rect', { class: 'window', y: '0', height: '100%' });
    svg.append(
      shape('path', { class: 'level', d: levelPath(levels, peak) }),
      shape('path', { class: 'failures', d: this.#failurePath(failures) }),
      this.#window,
    );
    this.#listen(onSelect);
  }

  /** Marks what the waterfall shows. */
  show(range: Range): void {
    const left = this.#columnAt(range.from);
    this.#window.setAttribute('x', String(left));
    this.#window.setAttribute('width', String(this.#columnAt(range.to) - left));
    this.#window.toggleAttribute(
      'hidden',
      widthOf(range) >= widthOf(this.#whole),
    );
  }

  #listen(onSelect: (range: Range) => void): void {
    let start: number | undefined;
    this.#svg.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.#svg.setPointerCapture(event.pointerId);
      start = this.#timeAt(event);
    });
    this.#svg.addEventListener('pointermove', (event) => {
      if (start === undefined) return;
      const end = this.#timeAt(event);
      const columns = this.#columnAt(Math.abs(end - start));
      if (columns >= MIN_DRAG) onSelect(between(start, end, this.#whole));
    });
    for (const end of ['pointerup', 'pointercancel']) {
      this.#svg.addEventListener(end, () => {
        start = undefined;
      });
    }
    this.#svg.addEventListener('dblclick', () => {
      onSelect(this.#whole);
    });
  }

  #timeAt(event: PointerEvent): number {
    const { left, width } = this.#svg.getBoundingClientRect();
    const place = Math.min(Math.max((event.clientX - left) / width, 0), 1);
    return place * this.#whole.to;
  }

  #columnAt(time: number): number {
    return (time / this.#whole.to) * COLUMNS;
  }

  /** One mark a column is all that can be seen. */
  #failurePath(failures: readonly Request[]): string {
    const columns = new Set(
      failures.map(({ to }) =>
        Math.min(Math.floor(this.#columnAt(to)), COLUMNS - 1),
      ),
    );
    return [...columns]
      .map((column) => `M${String(column)} ${String(HEIGHT)}v-12h1.5v12z`)
      .join('');
  }
}

function levelPath(levels: readonly number[], peak: number): string {
  const steps = levels.map((level) => {
    const y = HEIGHT - (level / peak) * (HEIGHT - 4);
    return `V${y.toFixed(1)}h1`;
  });
  return `M0 ${String(HEIGHT)}${steps.join('')}V${String(HEIGHT)}z`;
}

function shape(
  tag: string,
  attributes: Readonly<Record<string, string>>,
): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}
