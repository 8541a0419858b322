/* A small run. `npm run stress` makes long ones. */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stress } from './run.mjs';

const SEED = randomInt(2 ** 32);
const TASKS = 10_000;

/** A run that hangs fails by itself; this is for slow machines. */
const TIMEOUT = 300_000;

test.each(['thread', 'process'] as const)(
  `%s: many tasks with seed ${String(SEED)}`,
  async (backend) => {
    const { returned, cancelled, lost, ends } = await stress({
      backend,
      tasks: TASKS,
      seed: SEED,
    });
    expect(returned).toBeGreaterThan(TASKS / 2);
    expect(cancelled).toBeGreaterThan(0);
    expect(returned + cancelled + lost).toBeGreaterThanOrEqual(TASKS - ends);
  },
  TIMEOUT,
);

const command = fileURLToPath(new URL('stress.mjs', import.meta.url));

test.each([
  { args: ['--tasks', '0'], problem: '--tasks must be an integer' },
  { args: ['--backend', 'async'], problem: '--backend must be one of thread' },
  { args: ['1'], problem: "Unexpected argument '1'" },
])('the command refuses $args', ({ args, problem }) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [command, ...args],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain(`stress: ${problem}`);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
