import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

describe('usage errors', () => {
  it.each([
    ...['-1', 'x', '', '1e9', '86401', 'NaN', 'Infinity', '0x10', '1.'].map(
      (seconds) => [
        [seconds],
        `command-argument value '${seconds}' is invalid for argument 'seconds'. Expected a number of seconds from 0 to 86400, such as 0.5.`,
      ],
    ),
    ...['0', '-1', '1.5', 'x', '', '101'].map((workers) => [
      ['0', '--workers', workers],
      `option '--workers <number>' argument '${workers}' is invalid. Expected an integer from 1 to 100.`,
    ]),
    [
      ['0', '--workers', '2', '--executor', 'serial'],
      "option '--workers <number>' must be 1 with '--executor serial', which runs one task after the other.",
    ],
    [
      ['--executor', 'fork'],
      "option '--executor <kind>' argument 'fork' is invalid. Allowed choices are thread, process, async, serial.",
    ],
    [
      ['--order', 'random'],
      "option '--order <order>' argument 'random' is invalid. Allowed choices are submitted, completed.",
    ],
    [['--trace'], "option '--trace <file>' argument missing"],
    [['--workers'], "option '--workers <number>' argument missing"],
    [['--worker', '2'], "unknown option '--worker' (Did you mean --workers?)"],
  ] as [string[], string][])('%j', async (args, message) => {
    expect(await run(args)).toEqual({
      stdout: '',
      stderr: `demo-map: error: ${message}\n`,
      status: 2,
    });
  });
});

it.each(['-h', '--help'])('%s describes the arguments', async (option) => {
  const { stdout, stderr, status } = await run([option]);
  expect(stdout).toMatch(/^Usage: demo-map \[options\] \[seconds\.\.\.\]\n/);
  expect(stdout).toContain('(default: 0 1 2 3 4)');
  expect(stdout).toContain('how many tasks run at once (default: 3;');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});
