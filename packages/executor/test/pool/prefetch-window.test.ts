import { describe, expect, test } from 'vitest';
import { PoolJob } from '../../src/pool/job.ts';
import { PrefetchWindow } from '../../src/pool/prefetch-window.ts';
import { SentJobs } from '../../src/pool/sent-jobs.ts';
import { Claims } from '../../src/wire/claims.ts';
import { makeTally } from '../support/tally.ts';

/** All times are in milliseconds. */
const prefetch = {
  depth: 100,
  deepest: 100,
  pace: 2,
  wait: 0.4,
  quick: 0.003,
  gather: 24,
};

const shared = {
  task: { module: 'test:', name: 'test' },
  kind: 'single',
  options: {},
  tally: makeTally(),
} as const;

const makeJob = (): PoolJob => new PoolJob(shared, []);

/**
 * A worker that has run many jobs of so long, and has some now.
 *
 * @param callTime of its lane
 */
function windowWith(
  pace: number,
  jobs: number,
  callTime = 0,
  settings = prefetch,
): PrefetchWindow {
  const sent = new SentJobs(new Claims(128));
  const window = new PrefetchWindow(
    settings,
    sent,
    { waitingForEach: 0 },
    { callTime },
  );
  window.begin(0);
  for (let job = 0; job < 100; job += 1) {
    window.ended(1, 0, pace);
    window.endedOne(makeJob());
  }
  for (let job = 0; job < jobs; job += 1) {
    const added = sent.add(makeJob());
    if (job === 0) sent.begin(added);
  }
  return window;
}

describe('a job behind another one, while a worker is idle', () => {
  test.for([
    { pace: 0.002, callTime: 0, isSoon: true },
    { pace: 0.004, callTime: 0, isSoon: false },
    { pace: 0.004, callTime: 0.0005, isSoon: true },
    { pace: 0.009, callTime: 0.0005, isSoon: false },
    { pace: 0.009, callTime: 0.0025, isSoon: true },
    { pace: 0.05, callTime: 0.0025, isSoon: false },
  ])(
    'of $pace ms where a call of the system takes $callTime ms: $isSoon',
    ({ pace, callTime, isSoon }) => {
      const window = windowWith(pace, 1, callTime);
      expect(window.endsSoon(makeJob())).toBe(isSoon);
    },
  );
});

describe('the next look at a worker', () => {
  test.for([
    { jobs: 1, answers: 0 },
    { jobs: 23, answers: 0 },
    { jobs: 24, answers: 12 },
    { jobs: 40, answers: 20 },
    { jobs: 100, answers: 24 },
  ])('with $jobs jobs is when it can have answered $answers', (expected) => {
    const pace = 1 / 64; // a product of it is exact
    const window = windowWith(pace, expected.jobs);
    expect(window.nextLook).toBe(expected.answers * pace);
  });

  test('is at once where looks cost little, unless it has all that it may have', () => {
    const settings = { ...prefetch, gather: Infinity };
    expect(windowWith(1 / 64, 50, 0, settings).nextLook).toBe(0);
    expect(windowWith(1 / 64, 101, 0, settings).nextLook).toBe(50 / 64);
  });
});
