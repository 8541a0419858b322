import type { Spot } from './chart.ts';
import { element } from './dom.ts';
import { formatDuration, formatNumber, visible } from './format.ts';
import type { Run, Worker } from './recording.ts';
import { ALL_SIGNS, hasSign, signPicture } from './signs.ts';

/** Shows all that is known of a run or a worker; without one, how to choose one. */
export function showDetails(panel: HTMLElement, { run, worker }: Spot): void {
  if (run !== undefined) panel.replaceChildren(...runDetails(run));
  else if (worker !== undefined)
    panel.replaceChildren(...workerDetails(worker));
  else {
    panel.replaceChildren(
      element(
        'p',
        { class: 'hint' },
        'Point at a bar or click it, or choose one with the arrow keys, to see its details.',
      ),
    );
  }
}

type Fact = readonly [name: string, value: string | HTMLElement | undefined];

function facts(...all: readonly Fact[]): HTMLElement {
  const list = element('dl', {});
  for (const [name, value] of all) {
    if (value === undefined || value === '') continue;
    list.append(
      element('dt', {}, name),
      element('dd', {}, typeof value === 'string' ? visible(value) : value),
    );
  }
  return list;
}

const after = (time: number): string => `after ${formatDuration(time)}`;

function runDetails(run: Run): HTMLElement[] {
  const { started, worker, executor } = run;
  const { queuedAt, from, to } = run;
  return [
    element('h2', {}, visible(run.name)),
    facts(
      ['Outcome', outcomeOf(run)],
      ['Error', run.error],
      ['Task', `#${String(run.id)}`],
      ['Attempt', run.attempt === 0 ? undefined : String(run.attempt)],
      ['Calls', formatNumber(run.calls)],
      ['Waited', formatDuration(from - queuedAt)],
      ['Ran', started ? formatDuration(to - from) : undefined],
      ['Queued', after(queuedAt)],
      ['Started', started ? after(from) : 'never'],
      ['Ended', after(to)],
      ['Worker', started ? (worker?.name ?? 'event loop') : undefined],
      ['Executor', executorText(executor)],
    ),
  ];
}

function outcomeOf(run: Run): HTMLElement {
  const text = run.retried ? `${run.outcome}, to be retried` : run.outcome;
  return element(
    'span',
    { class: 'outcome' },
    ...ALL_SIGNS.filter((sign) => hasSign(run, sign)).map(signPicture),
    text,
  );
}

function workerDetails({ name, executor, index, life }: Worker): HTMLElement[] {
  return [
    element('h2', {}, visible(name)),
    facts(
      ['Number', String(index)],
      ['Executor', executorText(executor)],
      ['Started', life && after(life.startedAt)],
      [
        'Ready',
        life && (life.readyAt === undefined ? 'never' : after(life.readyAt)),
      ],
      [
        'Ended',
        life && (life.end === undefined ? 'lives on' : after(life.endedAt)),
      ],
      ['End', life?.end],
      ['Exit', life?.exit],
    ),
  ];
}

function executorText({
  name,
  kind,
  id,
  maxWorkers,
}: Worker['executor']): string {
  const names = name === kind ? name : `${name} (${kind})`;
  const limit =
    maxWorkers === null ? '' : `, up to ${formatNumber(maxWorkers)} at once`;
  return `${names}, #${String(id)}${limit}`;
}
