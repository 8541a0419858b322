import { rollup } from 'd3-array';
import { element } from './dom.ts';
import type { Run } from './recording.ts';

/** The custom properties of the style sheet that the canvases need. */
const NAMES = [
  'surface',
  'line',
  'text',
  'quiet',
  'accent',
  'failed',
  'warned',
  'on-bar',
  'task-1',
  'task-2',
  'task-3',
  'task-4',
  'task-5',
  'task-6',
  'task-7',
  'task-8',
  'task-others',
] as const;

export type Colour = (typeof NAMES)[number];

/** Told apart at a glance; more colours would not be. */
const TASK_COLOURS = NAMES.filter(
  (name) => name.startsWith('task-') && name !== 'task-others',
);

/** What the colours are in the scheme, light or dark, that the page has now. */
export function readColours(): Readonly<Record<Colour, string>> {
  const probe = element('span');
  document.body.append(probe);
  const colours = Object.fromEntries(
    NAMES.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colours as Record<Colour, string>; // fromEntries() forgets the keys.
}

/** The names of the tasks, those with the most runs first, with their colours. */
export function coloursOfTasks(
  runs: readonly Run[],
): Map<string, { readonly colour: Colour; readonly count: number }> {
  const counts = rollup(
    runs,
    (same) => same.length,
    ({ name }) => name,
  );
  const byCount = [...counts].sort(([, a], [, b]) => b - a);
  return new Map(
    byCount.map(([name, count], index) => [
      name,
      { count, colour: TASK_COLOURS[index] ?? 'task-others' },
    ]),
  );
}
