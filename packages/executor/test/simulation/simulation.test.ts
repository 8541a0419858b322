/*
 * Random runs of every executor. `npm run simulate` makes many more, and repeats
 * one by its seed.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { expectRefusal } from '../support/refusal.ts';
import { Random } from './random.mjs';
import { simulate } from './run.mjs';

const FIRST_SEED = randomInt(2 ** 32 - 1_000);
const STEPS = 20;

/** A run that hangs fails by itself; this is for slow machines. */
const TIMEOUT = 600_000;

test.each([
  { backend: 'thread', seeds: 40 },
  { backend: 'process', seeds: 24 },
  { backend: 'async', seeds: 80 },
  { backend: 'serial', seeds: 80 },
] as const)(
  `$backend: $seeds random runs from seed ${String(FIRST_SEED)}`,
  async ({ backend, seeds }) => {
    let returned = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed += 1) {
      const tally = await simulate({ backend, seed, steps: STEPS });
      returned += tally['returned'] ?? 0;
    }
    expect(returned).toBeGreaterThan(seeds);
  },
  TIMEOUT,
);

const command = new URL('simulate.mjs', import.meta.url);

test.each([
  { args: ['--seeds', '0'], problem: '--seeds must be an integer' },
  { args: ['--seed', '1.5'], problem: '--seed must be an integer' },
  { args: ['--backend', 'fiber'], problem: '--backend must be one of thread' },
  { args: ['--sede', '1'], problem: "Unknown option '--sede'" },
  { args: ['1'], problem: "Unexpected argument '1'" },
])('the command refuses $args', ({ args, problem }) => {
  expectRefusal(command, args, problem);
});

test('the command tells what it has done', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      fileURLToPath(command),
      '--backend',
      'serial',
      '--seeds',
      '2',
      '--seed',
      '1',
    ],
    { encoding: 'utf8' },
  );
  expect(stdout).toMatch(
    /^serial: 2 runs from seed 1, \d+ tasks \(.*\), no violation/,
  );
  expect(status).toBe(0);
});

test('the random numbers are those of mulberry32', () => {
  const random = new Random(1);
  expect([1, 2, 3].map(() => random.fraction())).toEqual([
    0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
  ]);
});
