import { gantt } from '@concurrent-executors/pool-view';
import { describe, expect, test } from 'vitest';
import { loop, span, worker } from './spans.ts';

const one = { worker: worker(0) };
const two = { worker: worker(1) };

/** A chart of 40 columns for the time, behind 8 for the names. */
function chart(spans: Parameters<typeof gantt>[0], options = {}): string[] {
  return gantt(spans, { width: 50, ...options }).split('\n');
}

test('a bar for each run, to scale, with its label and the wait before it', () => {
  expect(
    chart([
      span(1, [0, 100, 1000], one),
      span(2, [0, 500, 3000], two),
      span(3, [0, 1000, 4000], one),
      span(4, [3500, 3900, 4000], two),
    ]),
  ).toEqual([
    'thread 1  ░▐task 1██▐███████████task 3████████████',
    'thread 2  ░░░░░▐████████task 2██████████     ░░░░█',
    'waiting   3222211111                         1111',
    '          ┬─────────┬─────────┬─────────┬────────┬',
    '          0s        1s        2s        3s      4s',
    '4 runs in 4.0s',
    '',
  ]);
});

test('signs and counts for what has not returned', () => {
  expect(
    chart([
      span(1, [0, 0, 10], { ...one, outcome: 'threw', retried: true }),
      span(1, [10, 20, 40], { ...one, outcome: 'crashed', attempt: 2 }),
      span(2, [0, 0, 30], { ...two, outcome: 'timed-out' }),
      span(3, [0, 30, 50], { ...two, outcome: 'aborted' }),
      span(4, [0, 50, 60], { ...two, outcome: 'threw' }),
      span(5, [0, 60, 80], { ...two, outcome: 'unfinished' }),
      span(6, [0, undefined, 80], { outcome: 'cancelled' }),
      span(7, [0, undefined, 5], { outcome: 'timed-out' }),
      span(8, [0, undefined, 6], { outcome: 'cancelled' }),
    ]),
  ).toEqual([
    'thread 1  ▐███!░░░░░▐█task 1█X',
    'thread 2  ▐███task 2████T▐█task 3█A▐███!▐█task 5█>',
    'waiting   6664455555444443333333333222221111111111',
    '          ┬─────────┬─────────┬─────────┬────────┬',
    '          0ms       20ms      40ms      60ms  80ms',
    '6 runs in 80ms; ! 2 threw; X 1 crashed; T 1 timed-out; A 1 aborted; > 1 unfinished; not started: 2 cancelled; not started: 1 timed-out',
    '',
  ]);
});

test('tasks that run at once have rows of their own, by executor', () => {
  const inLoop = (id: number, startedAt: number, endedAt: number) =>
    span(id, [0, startedAt, endedAt], {
      task: { executor: loop, id, name: 'wait', calls: 1 },
    });
  const lines = chart([
    inLoop(1, 0, 20),
    inLoop(2, 0, 10),
    inLoop(3, 10, 40),
    span(4, [0, 0, 40], one),
  ]);
  expect(lines.slice(0, 3)).toEqual([
    'threads: thread 1  ▐███████████task 4█████████████',
    'loop: event loop   ▐█████wait██████',
    '                   ▐█wait██▐████████wait██████████',
  ]);
});

test('runs shorter than a column have one, and no mark is covered', () => {
  const runs = Array.from({ length: 1000 }, (_, id) =>
    span(id, [id, id, id + 1], {
      ...one,
      outcome: id === 500 ? 'crashed' : 'returned',
    }),
  );
  expect(chart(runs)[0]).toBe(`thread 1  ${'█'.repeat(20)}X${'█'.repeat(19)}`);
});

test('a run that is too short for its column is not covered by a long one', () => {
  expect(chart([span(1, [0, 0, 1], one), span(2, [0, 1, 1000], one)])[0]).toBe(
    `thread 1  █▐${'█'.repeat(15)}task 2${'█'.repeat(17)}`,
  );
});

test('more than nine that wait are a plus', () => {
  const runs = Array.from({ length: 12 }, (_, id) =>
    span(id, [0, id, id + 1], one),
  );
  expect(chart(runs, { width: 10 + 24 })[1]).toBe(
    'waiting   ++++998877665544332211',
  );
});

test('ASCII has no other characters', () => {
  const lines = chart(
    [
      span(1, [0, 10, 40], one),
      span(2, [0, 40, 80], { ...one, outcome: 'threw' }),
    ],
    { ascii: true },
  );
  expect(lines.slice(0, 3)).toEqual([
    'thread 1  .....[###task 1#####[######task 2######!',
    'waiting   22222111111111111111',
    '          +---------+---------+---------+--------+',
  ]);
});

test('what it colours is the same text', () => {
  const spans = [
    span(1, [0, 10, 40], one),
    span(2, [0, 40, 80], { ...one, outcome: 'threw' }),
  ];
  const colored = gantt(spans, { width: 50, color: true });
  expect(colored).toContain('\u001B[32m');
  // eslint-disable-next-line no-control-regex -- these are the colours
  expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(
    gantt(spans, { width: 50 }),
  );
});

describe('what does not fit', () => {
  test('labels are shortened or left out, and may be chosen', () => {
    const spans = [span(1, [0, 0, 40], one), span(2, [0, 40, 45], one)];
    expect(chart(spans, { label: () => '時間の長い名前'.repeat(4) })[0]).toBe(
      'thread 1  ▐時間の長い名前時間の長い名前時間…██▐███',
    );
  });

  test('names cannot send anything to the terminal', () => {
    const [line = ''] = chart([span(1, [0, 0, 40], one)], {
      label: () => 'a\u001B[2Jb\n\u202Ec',
    });
    expect(line).toMatch(/^thread 1 {2}▐█+ab {2}c█+$/);
  });

  test('rows above maxRows are counted', () => {
    const spans = Array.from({ length: 5 }, (_, index) =>
      span(index, [0, 0, 10], { worker: worker(index) }),
    );
    expect(chart(spans, { maxRows: 2 }).slice(1, 3)).toEqual([
      expect.stringMatching(/^thread 2/),
      '… and 3 more rows',
    ]);
  });

  test('a narrow terminal gets a chart that can be read', () => {
    expect(
      gantt([span(1, [0, 0, 10], one)], { width: 3 }).split('\n')[0],
    ).toHaveLength('thread 1'.length + 2 + 20);
  });
});

test('nothing, without spans; a moment, for spans without a duration', () => {
  expect(gantt([], { width: 80 })).toBe('');
  expect(chart([span(1, [5, 5, 5], one)])[0]).toBe('thread 1  █');
});
