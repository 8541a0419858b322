import { element } from './dom.ts';
import { formatDuration, visible } from './format.ts';
import type { Run } from './recording.ts';

const MOST = 10;

/** Fills the table of the runs that took longest. */
export function showSlowest(
  body: HTMLElement,
  runs: readonly Run[],
  onChoose: (run: Run) => void,
): void {
  const slowest = runs
    .filter(({ started }) => started)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MOST);
  body.replaceChildren(
    ...slowest.map((run) => {
      const button = element(
        'button',
        { type: 'button' },
        `${visible(run.name)} #${String(run.id)}`,
      );
      button.addEventListener('click', () => {
        onChoose(run);
      });
      const { from, to, queuedAt, outcome, retried } = run;
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, button),
        element('td', {}, formatDuration(to - from)),
        element('td', {}, formatDuration(from - queuedAt)),
        element('td', {}, retried ? `${outcome}, retried` : outcome),
        element('td', {}, visible(run.worker?.name ?? 'event loop')),
        element('td', { class: 'error' }, visible(run.error)),
      );
    }),
  );
}
