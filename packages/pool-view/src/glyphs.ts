import type { Outcome } from '@concurrent-executors/executor/observe';

/** The characters of a chart, each of one column. */
export interface Glyphs {
  readonly run: string;
  /** The first column of a run, so that runs without a pause between are told apart. */
  readonly firstOfRun: string;
  readonly wait: string;
  readonly ruler: string;
  readonly tick: string;
}

export const BLOCKS: Glyphs = {
  run: '█',
  firstOfRun: '▐',
  wait: '░',
  ruler: '─',
  tick: '┬',
};

export const ASCII: Glyphs = {
  run: '#',
  firstOfRun: '[',
  wait: '.',
  ruler: '-',
  tick: '+',
};

/** What stands at the end of a run that has not returned. */
export const MARKS: Readonly<Partial<Record<Outcome, string>>> = {
  threw: '!',
  crashed: 'X',
  aborted: 'A',
  'timed-out': 'T',
  unfinished: '>',
};
