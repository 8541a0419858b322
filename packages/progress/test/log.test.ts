import { describe, expect, test } from 'vitest';
import { ProgressBar } from '@concurrent-executors/progress';
import { runInPipes } from './processes.ts';
import { TextStream } from './screen.ts';

describe(
  'a process whose output is not a terminal',
  { timeout: 30_000 },
  () => {
    test('writes one plain line for a short run, and leaves stdout alone', () => {
      const { stdout, stderr, status } = runInPipes('finish');
      expect(stderr).toMatch(
        /^words: 100% 3\/3 \[00:00<00:00, \d+(\.\d)?it\/s\]\n$/,
      );
      expect(stdout).toBe('uma duas três\n');
      expect(status).toBe(0);
    });

    test('writes eleven lines for a run of an hour', () => {
      const { stderr } = runInPipes('hour');
      expect(stderr.trimEnd().split('\n')).toEqual([
        '  0% 40/28800 [00:05<59:55, 8.0it/s]',
        '  0% 80/28800 [00:10<59:50, 8.0it/s]',
        '  0% 160/28800 [00:20<59:40, 8.0it/s]',
        '  1% 320/28800 [00:40<59:20, 8.0it/s]',
        '  2% 640/28800 [01:20<58:40, 8.0it/s]',
        '  4% 1280/28800 [02:40<57:20, 8.0it/s]',
        '  8% 2560/28800 [05:20<54:40, 8.0it/s]',
        ' 17% 5120/28800 [10:40<49:20, 8.0it/s]',
        ' 35% 10240/28800 [21:20<38:40, 8.0it/s]',
        ' 71% 20480/28800 [42:40<17:20, 8.0it/s]',
        '100% 28800/28800 [1:00:00<00:00, 8.0it/s]',
      ]);
    });

    test('writes lines of `write` whole, and nothing of a bar that does not stay', () => {
      const { stdout, stderr } = runInPipes('write');
      expect(stdout).toBe('a result\n');
      expect(stderr).toMatch(
        /^item 1\nof two\nitem 2\nof two\nouter: 100% 3\/3 .*\n$/,
      );
    });

    test('ends though a bar was never closed, and writes its line', () => {
      const { stderr, status } = runInPipes('unclosed');
      expect(stderr).toMatch(/^unclosed: {2}50% 1\/2 .*\n$/);
      expect(status).toBe(0);
    });
  },
);

test('a long pause does not bring lines in bulk', () => {
  const stream = new TextStream();
  let now = 0;
  const bar = new ProgressBar({ stream, clock: () => now });
  now = 100_000;
  for (let i = 0; i < 10; i += 1) {
    now += 1_000;
    bar.update();
  }
  bar.close();
  expect(stream.text.split('\n')).toEqual([
    '1it [01:41, 101s/it]',
    '10it [01:50, 11.0s/it]',
    '',
  ]);
});
