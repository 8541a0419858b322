/* A small run. `npm run stress` makes long ones. */
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { expectRefusal } from '../support/refusal.ts';
import { stress } from './run.mjs';

const SEED = randomInt(2 ** 32);
const TASKS = 10_000;

/** A run that hangs fails by itself; this is for slow machines. */
const TIMEOUT = 300_000;

test.each(['thread', 'process'] as const)(
  `%s: many tasks with seed ${String(SEED)}`,
  async (backend) => {
    const { returned, cancelled } = await stress({
      backend,
      tasks: TASKS,
      seed: SEED,
    });
    expect(returned).toBeGreaterThan(TASKS / 2);
    expect(cancelled).toBeGreaterThan(0);
  },
  TIMEOUT,
);

const command = new URL('stress.mjs', import.meta.url);

test.each([
  { args: ['--tasks', '0'], problem: '--tasks must be an integer' },
  { args: ['--backend', 'async'], problem: '--backend must be one of thread' },
  { args: ['1'], problem: "Unexpected argument '1'" },
])('the command refuses $args', ({ args, problem }) => {
  expectRefusal(command, args, problem);
});
