import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

describe('usage errors', () => {
  const expected =
    'Expected an integer from 1 to 1000 (each worker is a process).';
  it.each([
    ...['0', '-1', '1.5', 'four', '', '1001', '1e2'].map((workers) => [
      [workers],
      `command-argument value '${workers}' is invalid for argument 'workers'. ${expected}`,
    ]),
    [['2', '3'], 'too many arguments. Expected 1 argument but got 2.'],
    [
      ['--as-complete'],
      "unknown option '--as-complete' (Did you mean --as-completed?)",
    ],
  ] as [string[], string][])('%j', async (args, message) => {
    expect(await run(...args)).toEqual({
      stdout: '',
      stderr: `proc-pool: error: ${message}\n`,
      status: 2,
    });
  });
});

it.each(['-h', '--help'])('%s describes the arguments', async (option) => {
  const { stdout, stderr, status } = await run(option);
  expect(stdout).toMatch(/^Usage: proc-pool \[options\] \[workers\]\n/);
  expect(stdout).toMatch(/^ +workers +number of processes/m);
  expect(stdout).toMatch(
    /^ +--as-completed +submit the smallest number first/m,
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});
