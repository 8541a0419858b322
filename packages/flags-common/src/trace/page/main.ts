import { showDetails } from './details.ts';
import { byId, element } from './dom.ts';
import type { TimelineData } from './entry.ts';
import {
  formatCount,
  formatDuration,
  formatNumber,
  visible,
} from './format.ts';
import { Overview } from './overview.ts';
import { type Range, shift, widthOf, zoom } from './range.ts';
import { PHASES, requestsOf } from './request.ts';
import { select } from './selection.ts';
import { statisticsOf } from './statistics.ts';
import { showSummary } from './summary.ts';
import { Waterfall } from './waterfall.ts';

const ZOOM_FACTOR = 2;

const data = JSON.parse(byId('data', HTMLScriptElement).text) as TimelineData; // The program that wrote the page wrote it, too.
const requests = requestsOf(data.entries);
const statistics = statisticsOf(requests);
const whole: Range = { from: 0, to: Math.max(statistics.elapsed, 1) };

const search = byId('search', HTMLInputElement);
const errorsOnly = byId('errors-only', HTMLInputElement);
const order = byId('order', HTMLSelectElement);
const details = byId('details', HTMLElement);

document.title = visible(data.title);
byId('title', HTMLElement).textContent = visible(data.title);
showSummary(byId('summary', HTMLDListElement), statistics);
showDetails(details, undefined);
byId('legend', HTMLUListElement).append(
  ...PHASES.map(({ phase, name }) =>
    element('li', {}, element('span', { class: `swatch ${phase}` }), name),
  ),
);

let range = whole;

const overview = new Overview(
  byId('overview', SVGSVGElement),
  requests,
  whole,
  show,
);
const scroller = byId('waterfall', HTMLElement);
const waterfall = new Waterfall(
  {
    scroller,
    body: byId('rows', HTMLElement),
    axis: byId('axis', HTMLElement),
    lines: byId('lines', HTMLElement),
  },
  (request) => {
    showDetails(details, request);
  },
);

function show(newRange: Range): void {
  range = newRange;
  const selected = select(requests, {
    text: search.value,
    errorsOnly: errorsOnly.checked,
    order: order.value,
    range,
  });
  waterfall.show(selected, range);
  overview.show(range);
  const time =
    range === whole
      ? ''
      : `, ${formatDuration(range.from)} to ${formatDuration(range.to)}`;
  byId('shown', HTMLOutputElement).textContent =
    `${formatNumber(selected.length)} of ${formatCount(requests.length, 'request')}${time}`;
}

/** Around the chosen request, if there is one. */
function zoomBy(factor: number): void {
  const { chosen } = waterfall;
  const centre =
    chosen === undefined
      ? (range.from + range.to) / 2
      : Math.min(Math.max(chosen.from, range.from), range.to);
  show(zoom(range, factor, centre, whole));
}

function fit(): void {
  show(whole);
}

const zoomKeys: Readonly<Record<string, () => void>> = {
  '+': () => {
    zoomBy(1 / ZOOM_FACTOR);
  },
  '-': () => {
    zoomBy(ZOOM_FACTOR);
  },
  '0': fit,
  ArrowLeft: () => {
    show(shift(range, -widthOf(range) / 4, whole));
  },
  ArrowRight: () => {
    show(shift(range, widthOf(range) / 4, whole));
  },
};
scroller.addEventListener('keydown', (event) => {
  const action = zoomKeys[event.key];
  if (action === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  action();
});
for (const [id, key] of [
  ['zoom-in', '+'],
  ['zoom-out', '-'],
  ['zoom-fit', '0'],
] as const) {
  byId(id, HTMLButtonElement).addEventListener('click', () => {
    zoomKeys[key]?.();
  });
}
for (const control of [search, errorsOnly, order]) {
  control.addEventListener('input', () => {
    show(range);
  });
}
fit();
