/* Tasks that wait for the worker that is at work, though another one is idle. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PoolExecutor } from '@concurrent-executors/executor';
// Not public: what a pool is made of.
import { processes } from '../../dist/backends/process-workers.js';
import { threads } from '../../dist/backends/thread-workers.js';
import { appendLineAndBlock } from '../fixtures/engine-tasks.mjs';
import { echo, where } from '../fixtures/tasks.mjs';
import { makeTempFile } from '../support/temp-file.ts';

/** More runs of a task than it takes until the next one is taken for as short. */
const MANY = 100;

const kinds = [
  { name: 'threads', kind: threads },
  { name: 'processes', kind: processes },
];

/** Two workers, where every task is quick: on a busy machine even short ones take long. */
class QuickPool extends PoolExecutor {
  constructor(kind: typeof threads) {
    const prefetch = {
      ...kind.prefetch,
      pace: Infinity,
      wait: Infinity,
      quick: Infinity,
    };
    const options = { minWorkers: 2, maxWorkers: 2 };
    super('PoolExecutor', { ...kind, prefetch }, options);
  }
}

async function workersOf(pool: PoolExecutor, tasks: number): Promise<number> {
  const futures = Array.from({ length: tasks }, () => pool.submit(where));
  return new Set(await Promise.all(futures)).size;
}

/**
 * Until so many tasks at once go to one worker. On a busy machine any task can be held up for
 * milliseconds; then those behind it move.
 */
async function toOneWorker(pool: PoolExecutor, tasks: number): Promise<void> {
  for (let n = 0; n < MANY; n += 1) await pool.submit(where);
  while ((await workersOf(pool, tasks)) > 1);
}

describe.each(kinds)('quick tasks of a pool of $name', ({ kind }) => {
  test('go to one worker once it has run the same task often', async () => {
    await using pool = new QuickPool(kind);
    expect(await workersOf(pool, 2)).toBe(2);
    await toOneWorker(pool, 8);
  });

  test('of another task than before go to the idle one', async () => {
    await using pool = new QuickPool(kind);
    await toOneWorker(pool, 2);
    await pool.submit(echo, 1);
    expect(await workersOf(pool, 2)).toBe(2);
  });

  test('move to the idle one if the one in front takes long after all', async () => {
    using file = makeTempFile();
    await using pool = new QuickPool(kind);
    const go = `${file.path}.go`;
    const written = (): number =>
      existsSync(file.path) ? file.lines().length : 0;
    const block = (n: number): Promise<number> =>
      pool.submit(appendLineAndBlock, file.path, n).result();
    writeFileSync(go, '');
    for (let n = 0; n < MANY; n += 1) await block(n);
    rmSync(go);
    const both = [block(MANY), block(MANY + 1)];
    while (written() < MANY + 2) await new Promise(setImmediate);
    writeFileSync(go, '');
    expect(await Promise.all(both)).toEqual([MANY, MANY + 1]);
  });
});
