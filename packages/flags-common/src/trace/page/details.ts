import { element } from './dom.ts';
import { formatBytes, formatDuration, visible } from './format.ts';
import { PHASES, type Request } from './request.ts';

/** Shows all that is known of one request; without one, how to choose one. */
export function showDetails(
  panel: HTMLElement,
  request: Request | undefined,
): void {
  panel.replaceChildren(
    ...(request === undefined
      ? [
          element(
            'p',
            { class: 'hint' },
            'Point at a request, or choose one with the arrow keys, to see its phases.',
          ),
        ]
      : [
          element('h2', {}, visible(request.label)),
          element('p', { class: 'url' }, visible(request.url)),
          facts(request),
          phaseTable(request),
        ]),
  );
}

function statusOf({ status, statusText }: Request): string {
  return status === 0
    ? 'no answer'
    : visible(`${String(status)} ${statusText}`);
}

function facts(request: Request): HTMLElement {
  const { redirectUrl, serverAddress, connection, error } = request;
  const list = element('dl', {});
  const fact = (name: string, value: string | undefined, look = ''): void => {
    if (value === undefined) return;
    list.append(
      element('dt', {}, name),
      element('dd', { class: look }, visible(value)),
    );
  };
  fact('Error', error, 'failed');
  fact('Status', statusOf(request), request.failed ? 'failed' : '');
  fact('Leads to', redirectUrl);
  fact('Attempt', String(request.attempt));
  fact('Received', formatBytes(request.bodyBytes));
  fact('Started', `after ${formatDuration(request.from)}`);
  fact('Clock', new Date(request.startedAt).toISOString().replace('T', ' '));
  fact('Worker', request.worker);
  fact('Protocol', request.httpVersion);
  fact('Server', serverAddress);
  fact('Connection', connection);
  return list;
}

function phaseTable({ from, to, segments }: Request): HTMLElement {
  const rows = PHASES.flatMap(({ phase, name }) => {
    const segment = segments.find((candidate) => candidate.phase === phase);
    if (segment === undefined) return [];
    return [
      element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          element('span', { class: `swatch ${phase}` }),
          name,
        ),
        element('td', {}, formatDuration(segment.duration)),
      ),
    ];
  });
  const total = element(
    'tr',
    { class: 'total' },
    element('th', { scope: 'row' }, 'In all'),
    element('td', {}, formatDuration(to - from)),
  );
  return element('table', {}, element('tbody', {}, ...rows, total));
}
