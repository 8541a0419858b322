import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

/** The lines without their times. */
function linesOf(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.slice('[HH:MM:SS] '.length));
}

const executors = ['thread', 'process', 'async', 'serial'] as const;

describe.each(executors)('--executor %s', (executor) => {
  it('gives results in the order of submission', async () => {
    const args = ['--executor', executor, '0.2', '0', '0.1'];
    const { stdout, stderr, status } = await run(args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = linesOf(stdout);
    expect(lines.filter((line) => line.startsWith('result'))).toEqual([
      'results: <MapResults of loiter>',
      'result 0: 2',
      'result 1: 0',
      'result 2: 1',
    ]);
    expect(lines.filter((line) => line.endsWith('done.'))).toHaveLength(3);
  });

  it('gives results as they come with --order completed', async () => {
    const args = ['--executor', executor, '--order', 'completed', '0.3', '0'];
    const { stdout, stderr, status } = await run(args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = linesOf(stdout);
    expect(lines).toContainEqual(
      expect.stringMatching(/^futures: (running|pending), (running|pending)$/),
    );
    const results = ['result 0: 3', 'result 1: 0'];
    const shown = lines.filter((line) => line.startsWith('result'));
    expect(shown.toSorted()).toEqual(results);
    for (const [name, result] of [
      ['loiter(0.3): done.', 'result 0: 3'],
      ['\tloiter(0): done.', 'result 1: 0'],
    ] as const)
      expect(lines.indexOf(result)).toBeGreaterThan(lines.indexOf(name));
    // Which of two workers is there first is not known.
    if (executor === 'async') expect(shown).toEqual(results.toReversed());
    if (executor === 'serial') expect(shown).toEqual(results);
  });
});

it('runs one task at a time with --executor serial', async () => {
  const { stdout } = await run(['--executor', 'serial', '0.1', '0.1']);
  const events = linesOf(stdout).filter((line) => line.includes('loiter(0.1)'));
  expect(events.map((line) => line.trimStart().replace(/^\S+ /, ''))).toEqual([
    'doing nothing for 0.1s...',
    'done.',
    'doing nothing for 0.1s...',
    'done.',
  ]);
});
