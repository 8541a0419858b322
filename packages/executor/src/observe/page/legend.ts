import type { Colour } from './colours.ts';
import { element } from './dom.ts';
import { formatCount, formatNumber, visible } from './format.ts';
import type { Run } from './recording.ts';
import { ALL_SIGNS, hasSign, signPicture } from './signs.ts';

/** Tells what the colours and signs of this recording mean. */
export function showLegend(
  list: HTMLUListElement,
  tasks: ReadonlyMap<
    string,
    { readonly colour: Colour; readonly count: number }
  >,
  runs: readonly Run[],
): void {
  const own = [...tasks].filter(([, { colour }]) => colour !== 'task-others');
  const others = tasks.size - own.length;
  list.append(
    ...own.map(([name, { colour, count }]) =>
      entry(swatch(colour), visible(name), `× ${formatNumber(count)}`),
    ),
    ...(others > 0
      ? [entry(swatch('task-others'), formatCount(others, 'other name'))]
      : []),
    ...ALL_SIGNS.filter((sign) => runs.some((run) => hasSign(run, sign)))
      .reverse()
      .map((sign) => entry(signPicture(sign), sign)),
    entry(element('span', { class: 'swatch starting' }), 'worker starts'),
    entry(element('span', { class: 'swatch idle' }), 'worker is free'),
    entry(element('span', { class: 'swatch pale' }), 'paler: the run waited'),
    entry(
      element('span', { class: 'swatch waited' }),
      'the whole wait of the chosen run',
    ),
  );
}

function swatch(colour: Colour): HTMLElement {
  return element('span', { class: `swatch ${colour}` });
}

function entry(picture: Element, text: string, remark = ''): HTMLElement {
  return element(
    'li',
    {},
    picture,
    element('span', { class: 'text', title: text }, text),
    remark,
  );
}
