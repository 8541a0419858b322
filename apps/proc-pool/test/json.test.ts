import { NUMBERS } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { run, start } from './program.ts';

function parse(stdout: string): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('--json', () => {
  it.each(['process', 'thread', 'serial'])(
    'prints an object for each number, then totals: %s',
    async (executor) => {
      const { stdout, stderr, status } = await run(
        ...['--json', '--executor', executor],
        ...(executor === 'serial' ? [] : ['2']),
      );
      const descending = NUMBERS.toReversed();
      expect(parse(stdout)).toEqual([
        ...descending.map(({ n, prime }) => ({
          type: 'check',
          n: String(n),
          prime,
          seconds: expect.any(Number) as number,
          worker: expect.any(Number) as number,
        })),
        {
          type: 'total',
          numbers: 20,
          primes: NUMBERS.filter(({ prime }) => prime).length,
          seconds: expect.any(Number) as number,
          executor,
          workers: executor === 'serial' ? 1 : 2,
          method: 'trial-division',
        },
      ]);
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    },
  );

  it('tells errors on standard error, and has no totals then', async () => {
    const { stdout, stderr, status } = await run(
      '--json',
      '-f',
      'no-such-file',
    );
    expect(stderr).toMatch(/^proc-pool: error: .*\n$/);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});

describe('--speed-up', () => {
  it.each(['process', 'thread'])('compares with 1 %s', async (executor) => {
    const { stdout, stderr, status } = await run(
      ...['2', '--speed-up', '-n', '97,98', '--executor', executor],
    );
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^Checking 2 numbers with 2 /),
      expect.stringMatching(/^ +97 {2}P/),
      expect.stringMatching(/^ +98 {3}/),
      expect.stringMatching(/^Total time: /),
      expect.stringMatching(
        new RegExp(
          `^Speed-up: \\d+\\.\\d\\d \\(1 ${executor} took \\d+\\.\\d\\ds; one run each, with the start of the workers\\)$`,
        ),
      ),
      '',
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('checks standard input twice, and gives the ratio of the times', async () => {
    const program = start(
      ...['2', '--speed-up', '--json', '--progress', '-f', '-'],
    );
    program.write('97\n98\n');
    program.endInput();
    const { stdout, stderr } = await program.finish();
    expect(stderr).toMatch(
      /^2 processes: 100% 2\/2 .*\n1 process: 100% 2\/2 .*\n$/,
    );
    const lines = parse(stdout);
    expect(lines).toHaveLength(4);
    const { seconds, secondsWithOne, ...rest } = lines[3] as {
      seconds: number;
      secondsWithOne: number;
    };
    expect(seconds).toBe((lines[2] as { seconds: number }).seconds);
    expect(rest).toEqual({
      type: 'speed-up',
      workers: 2,
      ratio: secondsWithOne / seconds,
    });
  });
});
