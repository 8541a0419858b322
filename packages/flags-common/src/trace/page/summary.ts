import { element } from './dom.ts';
import { formatBytes, formatDuration, formatNumber } from './format.ts';
import type { Statistics } from './statistics.ts';

/** Fills the list of figures at the top of the page. */
export function showSummary(
  list: HTMLDListElement,
  statistics: Statistics,
): void {
  const { requests, failed, bytes, elapsed, peak, mean } = statistics;
  const perSecond = (amount: number): number =>
    elapsed === 0 ? 0 : amount / (elapsed / 1000);
  list.append(
    figure('Requests', formatNumber(requests), statusText(statistics)),
    figure('Errors', formatNumber(failed), percentText(failed, requests)),
    figure(
      'Received',
      formatBytes(bytes),
      `${formatBytes(perSecond(bytes))} a second`,
    ),
    figure(
      'Elapsed',
      formatDuration(elapsed),
      `${formatNumber(perSecond(requests))} requests a second`,
    ),
    figure(
      'Peak concurrency',
      formatNumber(peak),
      `${formatNumber(mean)} on average`,
    ),
    firstByteFigure(statistics),
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

function firstByteFigure({ firstByte }: Statistics): HTMLElement {
  const [median, ...others] = firstByte.map(({ percentile, time }) => ({
    name: percentile === 100 ? 'max' : `p${String(percentile)}`,
    text: Number.isNaN(time) ? '–' : formatDuration(time),
  }));
  return figure(
    'First byte, median',
    median?.text ?? '–',
    others.map(({ name, text }) => `${name} ${text}`).join(' · '),
  );
}

function statusText({ statuses }: Statistics): string {
  return statuses
    .map(
      ([status, count]) =>
        `${status === 0 ? 'no answer' : String(status)} × ${formatNumber(count)}`,
    )
    .join(' · ');
}

function percentText(part: number, whole: number): string {
  return whole === 0 ? '' : `${formatNumber((part / whole) * 100)} % of all`;
}
