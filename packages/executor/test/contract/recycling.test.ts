/* Workers that are replaced after some tasks, while everything else goes on or ends. */
import { describe, expect, test } from 'vitest';
import { BrokenExecutorError } from '@concurrent-executors/executor';
import { double, echo, passGate, throwError } from '../fixtures/tasks.mjs';
import { exitIfExists } from '../fixtures/worker-tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeMarker } from '../support/marker.ts';

describe.each(pools)('$name pool: recycling', ({ Pool }) => {
  test.each(['throws', 'cannot be sent'])(
    'a last task that %s does not hold up a shutdown that nobody awaits',
    async (how) => {
      const pool = new Pool({ maxWorkers: 1, maxTasksPerWorker: 1 });
      const good = pool.submit(double, 1);
      const bad =
        how === 'throws'
          ? pool.submit(throwError, 'failed')
          : pool.submit(echo, () => 1);
      const last = pool.submit(double, 2);
      const closed = pool.shutdown();
      expect(await good).toBe(2);
      expect(await bad.exception()).toBeInstanceOf(Error);
      expect(await last).toBe(4);
      await closed;
    },
  );

  test('replacements that cannot start break the pool, and what is queued fails', async () => {
    await using marker = makeMarker();
    await using pool = new Pool({
      maxWorkers: 1,
      maxTasksPerWorker: 1,
      initializer: exitIfExists,
      initArgs: [marker.path],
    });
    await using gate = await makeGate();
    const first = pool.submit(passGate, gate.path, 'first');
    const queued = [1, 2].map((n) => pool.submit(double, n));
    await gate.arrived(1);
    await marker.make();
    gate.open();
    expect(await first).toBe('first');
    const errors = await Promise.all(queued.map((f) => f.exception()));
    for (const error of errors) {
      expect(error).toBeInstanceOf(BrokenExecutorError);
      expect((error as Error).cause).toMatchObject({ exitCode: 6 });
    }
    // One object each: what one caller adds to it, no other one sees.
    expect(errors[0]).not.toBe(errors[1]);
    expect(() => pool.submit(double, 1)).toThrow(BrokenExecutorError);
    // There is nothing left to end, and that is no error.
    await pool.terminateWorkers();
  });
});
