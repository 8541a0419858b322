import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

/** The lines of the output without their time stamps, each of which is checked. */
function linesOf(stdout: string): string[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      expect(line).toMatch(/^\[\d\d:\d\d:\d\d\] /);
      return line.slice('[HH:MM:SS] '.length);
    });
}

const begins = (seconds: string, index: number) =>
  `${'\t'.repeat(index)}loiter(${seconds}): doing nothing for ${seconds}s...`;
const isDone = (seconds: string, index: number) =>
  `${'\t'.repeat(index)}loiter(${seconds}): done.`;
const hasResult = (seconds: string, index: number) =>
  `result ${String(index)}: ${String(Number(seconds) * 10)}`;

/** Checks that exactly the expected lines came, in an order that the executor promises. */
function expectRun(stdout: string, durations: string[], workers: number): void {
  const opening = [
    'Script starting.',
    'results: <MapResults of loiter>',
    'Waiting for individual results:',
  ];
  const lines = linesOf(stdout);
  expect(lines.toSorted()).toEqual(
    [
      ...opening,
      ...durations.map(begins),
      ...durations.map(isDone),
      ...durations.map(hasResult),
    ].toSorted(),
  );
  const expectInOrder = (...expected: string[]) => {
    expect(lines.filter((line) => expected.includes(line))).toEqual(expected);
  };
  expectInOrder(...opening, ...durations.map(hasResult));
  durations.forEach((seconds, index) => {
    expectInOrder(
      begins(seconds, index),
      isDone(seconds, index),
      hasResult(seconds, index),
    );
  });
  let running = 0;
  for (const line of lines) {
    if (line.includes('doing nothing')) running++;
    if (line.includes('done.')) running--;
    expect(running, line).toBeLessThanOrEqual(workers);
  }
}

describe('demo-map', () => {
  it('runs loiter(0) to loiter(4) on three workers', async () => {
    const { stdout, stderr, status } = await run([]);
    expectRun(stdout, ['0', '1', '2', '3', '4'], 3);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it.each([
    [1, ['0', '0.05', '0.1']],
    [2, ['0.2', '0.1', '0.05', '0']],
    [3, ['0', '0.05', '0.1', '0.15', '0.2', '0.25', '0.3']],
    [8, ['0.1', '0.1000', '.1']],
  ])('runs other durations on %i workers: %j', async (workers, durations) => {
    const { stdout, stderr, status } = await run([
      '--workers',
      String(workers),
      ...durations,
    ]);
    const written = durations.map((text) => String(Number(text)));
    expectRun(stdout, written, workers);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('holds back the results behind a long task, but not their tasks', async () => {
    const durations = ['2', '0', '0', '0'];
    const { stdout } = await run(['--workers', '2', ...durations]);
    expectRun(stdout, durations, 2);
    expect(linesOf(stdout).slice(-5)).toEqual([
      isDone('2', 0),
      ...durations.map(hasResult),
    ]);
  });

  it('stamps the lines of the main thread and of the workers with the local time', async () => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeStyle: 'medium',
      timeZone: 'Asia/Kathmandu', // 5:45 h from UTC: no minute agrees by chance
    });
    const first = Math.floor(Date.now() / 1000);
    const { stdout } = await run(['0'], { TZ: 'Asia/Kathmandu' });
    const possible = [];
    for (let second = first; second * 1000 <= Date.now(); second++)
      possible.push(`[${format.format(second * 1000)}]`);
    const stamps = stdout.match(/^\[.*?\]/gm) ?? [];
    expect(stamps).toHaveLength(6);
    for (const stamp of stamps) expect(possible).toContain(stamp);
  });
});
