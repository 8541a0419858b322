import type { Outcome } from '../span.ts';
import type { Colour } from './colours.ts';
import type { Run } from './recording.ts';

/** What a run is marked with: how it ended, unless it returned, and that another follows. */
export type Sign = Exclude<Outcome, 'returned'> | 'retried';

interface Shape {
  readonly colour: Colour;
  readonly form: 'filled' | 'outlined';
  /** An SVG path in a square from -6 to 6. */
  readonly path: string;
}

/** Distinct by shape, not only by colour. Those that say more are later, and drawn above. */
export const SIGNS: Readonly<Record<Sign, Shape>> = {
  retried: {
    colour: 'quiet',
    form: 'outlined',
    path: 'M3.8-2.2A4.4 4.4 0 1 0 4.4 1M4.4-5V-1.6H1',
  },
  unfinished: {
    colour: 'accent',
    form: 'outlined',
    path: 'M-4.5-4L-0.5 0L-4.5 4M0.5-4L4.5 0L0.5 4',
  },
  cancelled: {
    colour: 'quiet',
    form: 'outlined',
    path: 'M4.5 0A4.5 4.5 0 1 1-4.5 0A4.5 4.5 0 1 1 4.5 0M-3.2 3.2L3.2-3.2',
  },
  aborted: {
    colour: 'warned',
    form: 'filled',
    path: 'M-4-4H4V4H-4Z',
  },
  'timed-out': {
    colour: 'warned',
    form: 'filled',
    path: 'M-4.5-5.5H4.5L-4.5 5.5H4.5Z',
  },
  threw: {
    colour: 'failed',
    form: 'outlined',
    path: 'M-4-4L4 4M4-4L-4 4',
  },
  crashed: {
    colour: 'failed',
    form: 'filled',
    path: 'M1.5-6.5L-4.5 1.2H-0.6L-2 6.5L4.5-1.6H0.6Z',
  },
};

export const ALL_SIGNS = Object.keys(SIGNS) as Sign[]; // They are its keys.

export function hasSign(run: Run, sign: Sign): boolean {
  return sign === 'retried' ? run.retried : run.outcome === sign;
}

const SVG = 'http://www.w3.org/2000/svg';

/** The sign as a picture beside a text that tells the same. */
export function signPicture(sign: Sign): SVGSVGElement {
  const { path, form, colour } = SIGNS[sign];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `sign ${form} ${colour}`);
  svg.setAttribute('viewBox', '-7 -7 14 14');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
