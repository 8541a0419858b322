import { ticks } from './axis.ts';
import { element } from './dom.ts';
import { formatDuration, visible } from './format.ts';
import { type Range, widthOf } from './range.ts';
import type { Request } from './request.ts';

/** Height of a row in pixels, as in the style sheet. */
const ROW_HEIGHT = 24;

/** Room for the text of one mark of the axis, in pixels. */
const TICK_WIDTH = 72;

/** Rows outside the visible part that are there for quick scrolling. */
const MARGIN = 10;

/** Elements of the page that the waterfall fills. */
export interface WaterfallElements {
  readonly scroller: HTMLElement;
  readonly body: HTMLElement;
  /** The head of the column with the bars. */
  readonly axis: HTMLElement;
  /** Behind the bars. */
  readonly lines: HTMLElement;
}

/** What is told to the page: the request pointed at or chosen. */
export type OnLook = (request: Request | undefined) => void;

/**
 * The rows with the bars. Only those that are to be seen are in the document, so
 * that it makes no difference how many there are.
 */
export class Waterfall {
  readonly #elements: WaterfallElements;
  readonly #onLook: OnLook;
  #requests: readonly Request[] = [];
  #range: Range = { from: 0, to: 1 };
  #chosen: Request | undefined;
  #frame: number | undefined;

  constructor(elements: WaterfallElements, onLook: OnLook) {
    this.#elements = elements;
    this.#onLook = onLook;
    const { scroller, body } = elements;
    const draw = (): void => {
      this.#drawSoon();
    };
    scroller.addEventListener('scroll', draw, { passive: true });
    new ResizeObserver(draw).observe(scroller);
    body.addEventListener('pointerover', (event) => {
      onLook(this.#requestOf(event.target) ?? this.#chosen);
    });
    body.addEventListener('pointerleave', () => {
      onLook(this.#chosen);
    });
    body.addEventListener('click', (event) => {
      this.#choose(this.#requestOf(event.target));
    });
    scroller.addEventListener('keydown', (event) => {
      if (this.#moveBy(event.key)) event.preventDefault();
    });
  }

  /** The request that the user chose, if it is shown. */
  get chosen(): Request | undefined {
    return this.#chosen;
  }

  show(requests: readonly Request[], range: Range): void {
    this.#requests = requests;
    this.#range = range;
    if (this.#chosen !== undefined && !requests.includes(this.#chosen)) {
      this.#choose(undefined);
    }
    const { scroller, body } = this.#elements;
    body.style.height = `${String(requests.length * ROW_HEIGHT)}px`;
    scroller.setAttribute('aria-rowcount', String(requests.length + 1));
    this.#drawSoon();
  }

  #requestOf(target: EventTarget | null): Request | undefined {
    const row =
      target instanceof Element ? target.closest<HTMLElement>('.row') : null;
    return row === null
      ? undefined
      : this.#requests[Number(row.dataset['index'])];
  }

  #choose(request: Request | undefined): void {
    this.#chosen = request;
    this.#onLook(request);
    this.#drawSoon();
  }

  /** Moves the choice. Whether the key is one for that. */
  #moveBy(key: string): boolean {
    const { scroller } = this.#elements;
    const page = Math.max(
      Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2,
      1,
    );
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[key];
    if (step === undefined) return false;
    const last = this.#requests.length - 1;
    const now =
      this.#chosen === undefined ? -1 : this.#requests.indexOf(this.#chosen);
    const index = Math.min(Math.max(now + step, 0), last);
    this.#choose(this.#requests[index]);
    this.#scrollTo(index);
    return true;
  }

  #scrollTo(index: number): void {
    const { scroller, axis } = this.#elements;
    const top = index * ROW_HEIGHT;
    const room = scroller.clientHeight - axis.offsetHeight - ROW_HEIGHT;
    scroller.scrollTop = Math.min(
      top,
      Math.max(scroller.scrollTop, top - room),
    );
  }

  /** Once a frame, however much has changed. */
  #drawSoon(): void {
    if (this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const { scroller, body, axis, lines } = this.#elements;
    const first = Math.max(
      Math.floor(scroller.scrollTop / ROW_HEIGHT) - MARGIN,
      0,
    );
    const count = Math.ceil(scroller.clientHeight / ROW_HEIGHT) + 2 * MARGIN;
    body.replaceChildren(
      ...this.#requests
        .slice(first, first + count)
        .map((request, index) => this.#row(request, first + index)),
    );
    const chosen = this.#chosen && this.#requests.indexOf(this.#chosen);
    if (chosen === undefined) {
      scroller.removeAttribute('aria-activedescendant');
    } else {
      scroller.setAttribute('aria-activedescendant', rowId(chosen));
    }
    const marks = ticks(this.#range, axis.clientWidth / TICK_WIDTH);
    axis.replaceChildren(
      ...marks.map(({ at, text }) => this.#at(at, element('span', {}, text))),
    );
    lines.replaceChildren(
      ...marks.map(({ at }) => this.#at(at, element('span'))),
    );
  }

  #row(request: Request, index: number): HTMLElement {
    const { label, worker, attempt, failed, from, to } = request;
    const cell = (look: string, ...content: (Node | string)[]): HTMLElement =>
      element('span', { role: 'gridcell', class: look }, ...content);
    const again = attempt > 1 ? ` (attempt ${String(attempt)})` : '';
    const row = element(
      'div',
      {
        role: 'row',
        class: failed ? 'row columns failed' : 'row columns',
        id: rowId(index),
        'aria-rowindex': String(index + 2),
        'aria-selected': String(request === this.#chosen),
        'data-index': String(index),
      },
      cell('label', visible(label) + again),
      cell('status', ...statusContent(request)),
      cell('worker', visible(worker)),
      cell('duration', formatDuration(to - from)),
      this.#bar(request),
    );
    row.style.top = `${String(index * ROW_HEIGHT)}px`;
    return row;
  }

  #bar({ segments, failed, from, to }: Request): HTMLElement {
    const marks = segments.map(({ phase, from: start, duration }) => {
      const mark = this.#at(start, element('span', { class: phase }));
      mark.style.width = `${String((duration / widthOf(this.#range)) * 100)}%`;
      return mark;
    });
    if (failed) marks.push(this.#at(to, element('span', { class: 'failure' })));
    const text = `from ${formatDuration(from)} to ${formatDuration(to)}`;
    return element(
      'span',
      { role: 'gridcell', class: 'bar', 'aria-label': text },
      ...marks,
    );
  }

  #at(time: number, child: HTMLElement): HTMLElement {
    const place = (time - this.#range.from) / widthOf(this.#range);
    child.style.left = `${String(place * 100)}%`;
    return child;
  }
}

/** The style sheet leaves out the reason where there is little room. */
function statusContent({ status, statusText }: Request): (Node | string)[] {
  if (status === 0) return ['error'];
  const reason = element(
    'span',
    { class: 'reason' },
    ` ${visible(statusText)}`,
  );
  return [String(status), reason];
}

function rowId(index: number): string {
  return `request-${String(index)}`;
}
