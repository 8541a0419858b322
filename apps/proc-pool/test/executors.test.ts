import { NUMBERS } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { canListProcesses, childrenOf } from './child-processes.ts';
import { run, SLOW, start } from './program.ts';

const descending = NUMBERS.map(({ n }) => String(n)).reverse();

function numbersIn(stdout: string): string[] {
  return Array.from(stdout.matchAll(/^ *(\d+) {2}[P ] /gm), ([, n]) => n ?? '');
}

describe.each([
  ['process', ['3'], 'with 3 processes'],
  ['thread', ['3'], 'with 3 threads'],
  ['serial', [], 'in the main thread'],
  ['serial', ['1'], 'in the main thread'],
] as const)('--executor %s %j', (executor, workers, where) => {
  it('prints the same results, and says where they come from', async () => {
    const { stdout, stderr, status } = await run(
      ...['--executor', executor, ...workers],
    );
    expect(stdout.split('\n')[0]).toBe(`Checking 20 numbers ${where}:`);
    expect(numbersIn(stdout)).toEqual(descending);
    expect(stdout).toMatch(/\nTotal time: \d+\.\d\ds\n$/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});

describe.each([
  ['process', 2],
  ['thread', 0],
  ['serial', 0],
] as const)('--executor %s', (executor, processes) => {
  it.skipIf(!canListProcesses)(
    `has ${String(processes)} child processes for two slow numbers, and ends at once with Ctrl-C`,
    async () => {
      const program = start(
        ...['--executor', executor, '-n', `97,${SLOW},${SLOW}`],
        ...(executor === 'serial' ? [] : ['2']),
      );
      await program.waitFor(' 97  P');
      expect(childrenOf(program.pid)).toHaveLength(processes);
      process.kill(-program.pid, 'SIGINT');
      const { stdout, stderr, status } = await program.finish();
      expect(stdout).not.toContain(SLOW);
      expect({ stderr, status }).toEqual({ stderr: '', status: 130 });
    },
  );
});

it.each(['process', 'thread'])(
  '--as-completed does not wait for a slow number: %s',
  async (executor) => {
    const program = start(
      ...['2', '--as-completed', '--executor', executor, '-n', `${SLOW},97`],
    );
    await program.waitFor(' 97  P');
    process.kill(program.pid, 'SIGINT');
    expect((await program.finish()).stdout).not.toContain(SLOW);
  },
);
