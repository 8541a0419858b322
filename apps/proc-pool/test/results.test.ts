import { availableParallelism } from 'node:os';
import { NUMBERS } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import { run } from './program.ts';

const ascending = NUMBERS.map(({ n }) => n);
const descending = ascending.toReversed();

/** Checks each line of the output but its times, and returns the numbers in its order. */
function numbersIn(stdout: string, header: string, total: RegExp): bigint[] {
  expect(stdout.endsWith('\n')).toBe(true);
  const [first, ...results] = stdout.trimEnd().split('\n');
  const last = results.pop();
  expect(first).toBe(header);
  expect(last).toMatch(total);
  return results.map((line) => {
    expect(line).toMatch(/^[ \d]{16} {2}[P ] [ \d]\d\.\d{6}s$/);
    const n = BigInt(line.slice(0, 16));
    expect(line.slice(0, 16)).toBe(String(n).padStart(16));
    const known = NUMBERS.find((number) => number.n === n);
    expect(line[18], line).toBe(known?.prime === true ? 'P' : ' ');
    return n;
  });
}

describe('proc-pool', () => {
  it('prints the results in the order of submission: largest number first', async () => {
    const { stdout, stderr, status } = await run('2');
    const header = 'Checking 20 numbers with 2 processes:';
    const total = /^Total time: \d+\.\d{2}s$/;
    expect(numbersIn(stdout, header, total)).toEqual(descending);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('uses as many processes as there are cores unless told otherwise', async () => {
    const { stdout, status } = await run();
    const header = `Checking 20 numbers with ${String(availableParallelism())} processes:`;
    expect(numbersIn(stdout, header, /^Total time: /)).toEqual(descending);
    expect(status).toBe(0);
  });
});

describe('proc-pool --as-completed', () => {
  it('prints the results in the order of completion', async () => {
    const { stdout, stderr, status } = await run('2', '--as-completed');
    const header = 'Checking 20 numbers with 2 processes:';
    const numbers = numbersIn(stdout, header, /^20 checks in \d+\.\d{2}s$/);
    expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(ascending);
    // Submitted before the largest prime, and over at once: each has a small divisor.
    const largestPrime = numbers.indexOf(9999999999999917n);
    for (const easy of [
      3333333333333333n,
      4444444444444444n,
      5555555555555555n,
    ])
      expect(numbers.indexOf(easy)).toBeLessThan(largestPrime);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('submits the smallest number first: one process completes them in that order', async () => {
    const { stdout } = await run('--as-completed', '1');
    const header = 'Checking 20 numbers with 1 processes:';
    expect(numbersIn(stdout, header, /^20 checks in /)).toEqual(ascending);
  });
});
