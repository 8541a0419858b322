/*
 * Tasks that are sent to a process before it can start them. What has run is told by
 * the lines of a file. Workers are blocked in earnest: they read no message meanwhile.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  PoolExecutor,
  WorkerExitError,
  type PoolOptions,
} from '@concurrent-executors/executor';
// Not public: what a pool is made of.
import { processes } from '../../dist/backends/process-workers.js';
import {
  appendLine,
  appendLineAndBlock,
  appendLineBlockAndExit,
} from '../fixtures/engine-tasks.mjs';
import { echo } from '../fixtures/tasks.mjs';
import { makeRandom } from '../support/random.ts';
import { makeTempFile, type TempFile } from '../support/temp-file.ts';
import { warmUp } from '../support/warm-up.ts';

/** Sends ahead however long tasks take: on a busy machine even short ones take long. */
class EagerProcessPool extends PoolExecutor {
  constructor(options: PoolOptions) {
    super(
      'ProcessPoolExecutor',
      { ...processes, prefetch: { ...processes.prefetch, pace: Infinity } },
      options,
    );
  }
}

/** … and until the worker knows `appendLine`, which then goes through its lane. */
async function warmUpWith(pool: PoolExecutor, { path }: TempFile) {
  await pool.submit(appendLine, path, 0);
  await warmUp(pool);
}

async function written(file: TempFile, line: number): Promise<void> {
  while (!existsSync(file.path) || !file.lines().includes(String(line))) {
    await new Promise(setImmediate);
  }
}

function letGo({ path }: TempFile): void {
  writeFileSync(`${path}.go`, '');
}

describe('tasks that are sent ahead to a process', () => {
  test('are pending, and cancel() is exact', async () => {
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 1 });
    await warmUpWith(pool, file);
    const front = pool.submit(appendLineAndBlock, file.path, 100);
    const futures = [1, 2, 3, 4].map((n) =>
      pool.submit(appendLine, file.path, n),
    );
    expect(front.state).toBe('running');
    expect(futures.map(({ state }) => state)).toEqual(Array(4).fill('pending'));
    await written(file, 100);
    expect([1, 3].map((n) => futures[n]?.cancel())).toEqual([true, true]);
    letGo(file);
    expect(await front).toBe(100);
    expect(await Promise.all([futures[0], futures[2]])).toEqual([1, 3]);
    expect(file.lines()).toEqual(['0', '100', '1', '3']);
  });

  test('race with cancel(): they run once, or never and are cancelled', async () => {
    const random = makeRandom();
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 2 });
    await warmUpWith(pool, file);
    const futures = [];
    let cancelled = 0;
    let refused = 0;
    for (let n = 1; n <= 4_000; n += 1) {
      futures.push(pool.submit(appendLine, file.path, n));
      const future = futures[Math.max(n - 1 - random.below(30), 0)];
      if (future !== undefined && random.chance(0.3)) {
        const wasDone = future.done;
        if (future.cancel()) cancelled += wasDone ? 0 : 1;
        else if (!wasDone) refused += 1;
      }
      if (random.chance(0.1)) await Promise.resolve();
      if (random.chance(0.05)) await new Promise(setImmediate);
    }
    await Promise.allSettled(futures);
    const expected = futures.flatMap((future, index) =>
      future.cancelled ? [] : [index + 1],
    );
    const ran = file.lines().map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual([0, ...expected]);
    expect(cancelled).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(pool.stats()).toMatchObject({ pending: 0, running: 0, cancelled });
  });

  test('do not wait for the one before them that blocks, however many they are', async () => {
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 2 });
    await warmUpWith(pool, file);
    const numbers = Array.from({ length: 3_000 }, (_, n) => n + 1);
    const submit = (n: number) => pool.submit(appendLine, file.path, n);
    const before = numbers.slice(0, 1_000).map(submit);
    const blocked = pool.submit(appendLineAndBlock, file.path, -1);
    const behind = numbers.slice(1_000).map(submit);
    await Promise.all([...before, ...behind]);
    expect(blocked.done).toBe(false);
    letGo(file);
    expect(await blocked).toBe(-1);
    const ran = file.lines().map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual([-1, 0, ...numbers]);
  });

  test('go to an idle worker when the one before them blocks', async () => {
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 2 });
    await warmUpWith(pool, file);
    const long = pool.submit(appendLineAndBlock, file.path, 100);
    const futures = Array.from({ length: 50 }, (_, n) =>
      pool.submit(appendLine, file.path, n + 1),
    );
    // All are done while the first worker is still blocked.
    await Promise.all(futures);
    expect(long.running).toBe(true);
    letGo(file);
    expect(await long).toBe(100);
    const ran = file.lines().map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 51 }, (_, n) => n),
      100,
    ]);
  });

  test('run elsewhere, once, when their worker ends', async () => {
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 1 });
    await warmUpWith(pool, file);
    const crash = pool.submit(appendLineBlockAndExit, file.path, 100);
    const futures = Array.from({ length: 10 }, (_, n) =>
      pool.submit(appendLine, file.path, n + 1),
    );
    await written(file, 100);
    letGo(file);
    expect(await crash.exception()).toBeInstanceOf(WorkerExitError);
    await Promise.all(futures);
    expect(file.lines().map(Number)).toEqual([
      0,
      100,
      ...Array.from({ length: 10 }, (_, n) => n + 1),
    ]);
  });

  test('start first in, first out, with one worker', async () => {
    using file = makeTempFile();
    await using pool = new EagerProcessPool({ maxWorkers: 1 });
    await warmUp(pool);
    const futures = [];
    for (let n = 1; n <= 2_000; n += 1) {
      // Some have arguments that lie beside the records of the lane.
      if (n % 7 === 0) pool.submit(echo, 'x'.repeat(20_000)).ignore();
      futures.push(pool.submit(appendLine, file.path, n));
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    await Promise.all(futures);
    expect(file.lines().map(Number)).toEqual(
      Array.from({ length: 2_000 }, (_, n) => n + 1),
    );
  });
});

test('without room for the file of its lane a process gets nothing ahead, and all goes by messages', async () => {
  using file = makeTempFile();
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = `${file.path}.missing`;
  try {
    await using pool = new EagerProcessPool({ maxWorkers: 2, minWorkers: 2 });
    const values = Array.from({ length: 50 }, (_, n) => n);
    expect(await Promise.all(values.map((n) => pool.submit(echo, n)))).toEqual(
      values,
    );
    const long = pool.submit(appendLineAndBlock, file.path, 100);
    const futures = values.map((n) => pool.submit(appendLine, file.path, n));
    expect(futures[49]?.cancel()).toBe(true);
    // The other worker has run the rest while this one is still blocked.
    await Promise.allSettled(futures);
    expect(long.running).toBe(true);
    letGo(file);
    expect(await long).toBe(100);
    expect(
      file
        .lines()
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual([...values.slice(0, 49), 100]);
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
});
