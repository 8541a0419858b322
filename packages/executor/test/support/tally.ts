import { Tally } from '../../src/core/tally.ts';

/** The tally of jobs that belong to no executor. */
export function makeTally(): Tally {
  return new Tally(() => ({
    id: 0,
    kind: 'test',
    name: 'test',
    maxWorkers: 1,
  }));
}
