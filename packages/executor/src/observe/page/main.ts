import type { TimelineData } from '../timeline-data.ts';
import { Chart, type Spot } from './chart.ts';
import { coloursOfTasks, readColours } from './colours.ts';
import { showDetails } from './details.ts';
import { byId } from './dom.ts';
import { Finder } from './finder.ts';
import {
  formatCount,
  formatDuration,
  formatNumber,
  visible,
} from './format.ts';
import { rowsOf } from './layout.ts';
import { showLegend } from './legend.ts';
import { Levels } from './levels.ts';
import { Overview } from './overview.ts';
import type { Range } from './range.ts';
import { readRecording, type Run } from './recording.ts';
import { showSlowest } from './slowest.ts';
import { statisticsOf } from './statistics.ts';
import { showSummary } from './summary.ts';
import { View } from './view.ts';

/** What a key zooms by, and which part of the view it moves by. */
const ZOOM_FACTOR = 2;
const STEP = 0.25;

const NOTHING: Spot = { run: undefined, worker: undefined };

const recording = readRecording(
  JSON.parse(byId('data', HTMLScriptElement).text) as TimelineData, // Of a TimelineFile.
);
const { runs, title, date } = recording;
const running = new Levels(runs.filter(({ started }) => started));
const waiting = new Levels(
  runs
    .map(({ queuedAt, from }): Range => ({ from: queuedAt, to: from }))
    .filter(({ from, to }) => to > from),
);
const whole: Range = { from: 0, to: Math.max(recording.duration, 1) };
const rows = rowsOf(recording);
const tasks = coloursOfTasks(runs);

document.title = visible(title);
byId('title', HTMLElement).textContent = visible(title);
const moment = byId('date', HTMLTimeElement);
moment.dateTime = date.toISOString();
moment.textContent = date.toLocaleString();
showSummary(
  byId('summary', HTMLDListElement),
  recording,
  statisticsOf(recording, running),
);
showLegend(byId('legend', HTMLUListElement), tasks, runs);
showSlowest(byId('slowest', HTMLElement), runs, choose);
byId('queue-peak', HTMLElement).textContent =
  `at most ${formatNumber(waiting.peak)}`;

const details = byId('details', HTMLElement);
const searchField = byId('search', HTMLInputElement);
const finder = new Finder(runs);
const overview = new Overview(running, runs, whole);
const chart = new Chart(rows, waiting);
let chosen = NOTHING;
let frame: number | undefined;
let colours = readColours();
const view = new View(
  chart.plot,
  byId('brush', SVGSVGElement),
  whole,
  drawSoon,
  (pixels) => {
    chart.scroller.scrollTop -= pixels;
  },
);

/** Once a frame, however much has changed. */
function drawSoon(): void {
  frame ??= requestAnimationFrame(() => {
    frame = undefined;
    draw();
  });
}

function draw(): void {
  const { range } = view;
  const colourOf = (name: string) => tasks.get(name)?.colour ?? 'task-others';
  const focus = { run: chosen.run, matches: finder.matching };
  chart.draw(view, { colours, colourOf }, focus);
  const count = chart.countIn(range);
  const time =
    range.from === whole.from && range.to === whole.to
      ? ''
      : `, ${formatDuration(range.from)} to ${formatDuration(range.to)}`;
  const shown = `${formatNumber(count)} of ${formatCount(runs.length, 'run')}${time}`;
  byId('shown', HTMLOutputElement).value = shown;
  chart.scroller.setAttribute('aria-label', `Timeline: ${shown}`);
  chart.scroller.dataset['runs'] = String(count);
}

function choose(run: Run | undefined): void {
  look(run === undefined ? NOTHING : { run, worker: run.worker });
  if (run === undefined) return;
  view.reveal(run);
  chart.reveal(run);
}

/** Chooses what is at a place that is seen. */
function look(spot: Spot): void {
  chosen = spot;
  showDetails(details, spot);
  finder.tell(spot.run);
  drawSoon();
}

function step(by: 1 | -1): void {
  choose(finder.step(chosen.run, by, view.range.from));
}

function zoomBy(factor: number): void {
  view.zoomBy(factor, chosen.run?.from);
}

const keys: Readonly<Record<string, () => void>> = {
  '+': () => {
    zoomBy(ZOOM_FACTOR);
  },
  '-': () => {
    zoomBy(1 / ZOOM_FACTOR);
  },
  '0': () => {
    view.showAll();
  },
  ArrowLeft: () => {
    view.moveBy(-STEP);
  },
  ArrowRight: () => {
    view.moveBy(STEP);
  },
  ArrowUp: () => {
    step(-1);
  },
  ArrowDown: () => {
    step(1);
  },
  Escape: () => {
    choose(undefined);
  },
};
chart.scroller.addEventListener('keydown', (event) => {
  const action = keys[event.key];
  if (action === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  action();
});
for (const [id, key] of [
  ['zoom-in', '+'],
  ['zoom-out', '-'],
  ['zoom-fit', '0'],
  ['previous', 'ArrowUp'],
  ['next', 'ArrowDown'],
] as const) {
  byId(id, HTMLButtonElement).addEventListener('click', () => {
    keys[key]?.();
  });
}
searchField.addEventListener('input', () => {
  finder.search(searchField.value);
  finder.tell(chosen.run);
  drawSoon();
});
searchField.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
});

function spotOf(event: MouseEvent): Spot {
  return chart.spotAt(event.offsetX, event.offsetY, view);
}
chart.plot.addEventListener('pointermove', (event) => {
  if (event.buttons === 0) showDetails(details, spotOf(event));
});
chart.plot.addEventListener('pointerleave', () => {
  showDetails(details, chosen);
});
chart.plot.addEventListener('click', (event) => {
  look(spotOf(event));
});

chart.scroller.addEventListener('scroll', drawSoon, { passive: true });
new ResizeObserver(() => {
  view.fit();
  overview.draw(colours);
}).observe(chart.plot);
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => {
  colours = readColours();
  overview.draw(colours);
  drawSoon();
});
showDetails(details, NOTHING);
