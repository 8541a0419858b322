import { element } from './dom.ts';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
} from './format.ts';
import type { Recording } from './recording.ts';
import type { Statistics, Times } from './statistics.ts';

/** Fills the list of figures at the top of the page. */
export function showSummary(
  list: HTMLDListElement,
  { duration }: Recording,
  statistics: Statistics,
): void {
  const { tasks, outcomes, retries, workers, peak, mean } = statistics;
  const returned = outcomes.get('returned') ?? 0;
  const others = [...outcomes]
    .filter(([outcome]) => outcome !== 'returned')
    .map(([outcome, count]) => `${formatNumber(count)} ${outcome}`);
  const perSecond = duration === 0 ? 0 : tasks / (duration / 1000);
  list.append(
    figure(
      'Tasks',
      formatNumber(tasks),
      `${formatNumber(returned)} returned · ${formatCount(retries, 'run')} retried`,
    ),
    figure(
      'Did not return',
      formatNumber(tasks - returned),
      others.join(' · ') || 'all tasks returned',
    ),
    figure(
      'Duration',
      formatDuration(duration),
      `${formatNumber(perSecond)} tasks a second`,
    ),
    figure(
      'Peak concurrency',
      formatNumber(peak),
      `${formatNumber(mean)} on average · ${formatCount(workers, 'worker')}`,
    ),
    figure(
      'Utilisation',
      workers === 0 ? '–' : formatPercent(statistics.utilisation),
      workers === 0
        ? 'tasks ran in the event loop'
        : 'of the time workers were ready',
    ),
    timesFigure('Waited, median', statistics.waiting),
    timesFigure('Ran, median', statistics.running),
  );
}

function figure(name: string, value: string, remark: string): HTMLElement {
  return element(
    'div',
    {},
    element('dt', {}, name),
    element('dd', { class: 'value' }, value),
    element('dd', { class: 'remark' }, remark),
  );
}

function timesFigure(name: string, { p50, p90, p99, max }: Times): HTMLElement {
  return figure(
    name,
    formatDuration(p50),
    `p90 ${formatDuration(p90)} · p99 ${formatDuration(p99)} · max ${formatDuration(max)}`,
  );
}
