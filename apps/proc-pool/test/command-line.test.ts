import { describe, expect, it } from 'vitest';
import { run, runWithEnv } from './program.ts';

describe('usage errors', () => {
  const expected =
    'Expected an integer from 1 to 1000 (each worker is a process or a thread).';
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
    [
      ['--executor', 'fork'],
      "option '--executor <KIND>' argument 'fork' is invalid. Allowed choices are process, thread, serial, bullmq.",
    ],
    [
      ['2', '--executor', 'serial'],
      '--executor serial has 1 worker, the main thread; got 2',
    ],
    [
      ['--executor', 'bullmq'],
      '--executor bullmq needs --redis URL or the environment variable REDIS_URL, for instance redis://localhost:6379',
    ],
    [
      ['2', '--executor', 'bullmq', '--redis', 'redis://localhost'],
      '--executor bullmq takes no number of workers, since each executor-worker has its own; got 2',
    ],
    [
      ['--speed-up', '--executor', 'bullmq', '--redis', 'redis://localhost'],
      '--speed-up compares with 1 worker: with --executor bullmq it is not known how many there are',
    ],
    [
      ['--executor', 'bullmq', '--redis', 'http://user:secret@localhost'],
      'redis must be a URL: expected redis://host:port, rediss://host:port or unix:/path/of/socket',
    ],
    [
      [
        ...['--executor', 'bullmq', '--redis', 'redis://localhost'],
        ...['--namespace', 'a b'],
      ],
      'namespace must be letters, digits, dots, dashes and underscores, got "a b"',
    ],
    [
      ['--redis', 'redis://localhost'],
      '--redis goes with --executor bullmq only',
    ],
    [
      ['--namespace', 'mine', '--executor', 'thread'],
      '--namespace goes with --executor bullmq only',
    ],
    [
      ['--method', 'quick'],
      "option '--method <METHOD>' argument 'quick' is invalid. Allowed choices are trial-division, fast.",
    ],
    [['-n', '97,1e3'], "expected an integer, got '1e3'"],
    [['-n', ''], "expected an integer, got ''"],
    [
      ['-n', '18446744073709551616'],
      'trial division takes integers below 2^64, got 18446744073709551616; use --method fast',
    ],
    [
      ['-n', '97', '-f', '-'],
      "option '-f, --file <FILE>' cannot be used with option '-n, --numbers <N,N...>'",
    ],
    ...[
      ['1', '--speed-up'],
      ['--speed-up', '--executor', 'serial'],
    ].map((args) => [
      args,
      '--speed-up compares with 1 worker: expected 2 or more processes or threads, got 1',
    ]),
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
  expect(stdout).toMatch(/^ +workers +number of processes or threads/m);
  expect(stdout).toMatch(
    /^ +--as-completed +submit the smallest number first/m,
  );
  expect(stdout).toMatch(/^Examples:\n {2}proc-pool 2 /m);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});

it.each(['-v', '--version'])('%s shows the version', async (option) => {
  expect(await run(option)).toEqual({
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    stderr: '',
    status: 0,
  });
});

describe('REDIS_URL', () => {
  const env = { REDIS_URL: 'redis://user:secret@localhost' };

  it('is for --executor bullmq, and others do not mind it', async () => {
    const { stderr, status } = await runWithEnv(env, '2', '-n', '97');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('is not shown by the help', async () => {
    const { stdout } = await runWithEnv(env, '--help');
    expect(stdout).toContain('REDIS_URL');
    expect(stdout).not.toContain('secret');
  });
});
