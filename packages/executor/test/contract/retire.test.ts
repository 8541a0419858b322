/* Workers that are replaced since a task asks for it, or since they use much memory. */
import { describe, expect, test } from 'vitest';
import { add, passGate, where } from '../fixtures/tasks.mjs';
import { leak, retire, retireAndFail } from '../fixtures/engine-tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { singleBackends } from '../support/limited.ts';

describe.each(singleBackends)('$name: retireWorker()', ({ make }) => {
  test('harms neither its own task nor others', async () => {
    await using executor = make();
    const futures = [
      executor.submit(add, 1, 2),
      executor.submit(retire),
      executor.submit(add, 3, 4),
    ];
    const [first, , third] = await Promise.all(futures);
    expect([first, third]).toEqual([3, 7]);
    expect(executor.stats()).toMatchObject({ finished: 3, failed: 0 });
  });
});

describe.each(pools)('$name pool: retireWorker()', ({ Pool }) => {
  test('each such task has a worker of its own, and nothing is lost', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    const futures = Array.from({ length: 6 }, () => pool.submit(retire));
    const workers = await Promise.all(futures);
    expect(new Set(workers).size).toBe(6);
    expect(workers).not.toContain(await pool.submit(where));
  });

  test('holds also for a task that fails', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const failed = (await pool.submit(retireAndFail).exception()) as Error;
    expect(await pool.submit(where)).not.toBe(failed.message);
  });

  test('each attempt of a retried task has a worker of its own', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const workers = new Set<string>([await pool.submit(where)]);
    const future = pool.with({ retries: 1 }).submit(retireAndFail);
    workers.add(((await future.exception()) as Error).message);
    // The first attempt was in the first worker, the second in the next one.
    expect(workers.size).toBe(2);
    expect(workers).not.toContain(await pool.submit(where));
  });

  test('those beside it end first, and it gets no new ones', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 2, tasksPerWorker: 2 });
    const held = [1, 2].map((n) => pool.submit(passGate, gate.path, n));
    await gate.arrived(2);
    const old = [await pool.submit(retire), await pool.submit(retire)];
    expect(new Set(old).size).toBe(2); // one beside each of the held
    const next = pool.submit(where);
    expect(next.state).toBe('pending');
    gate.open();
    expect(await Promise.all(held)).toEqual([1, 2]);
    expect(old).not.toContain(await next);
  });

  test('what is sent while it retires runs in another one', async () => {
    await using pool = new Pool({ maxWorkers: 2, tasksPerWorker: 3 });
    const workers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const task = n % 3 === 0 ? retire : where;
        return pool.submit(task);
      }),
    );
    expect(workers).toHaveLength(30);
    expect(pool.stats()).toMatchObject({ finished: 30, failed: 0 });
  });
});

/** More than a worker needs, and less than that with a leak. */
const MEGABYTES = 200;

describe.each(pools)('$name pool: maxWorkerMemory', ({ Pool }) => {
  test('a worker that uses more is replaced after its task', async () => {
    await using pool = new Pool({ maxWorkers: 1, maxWorkerMemory: MEGABYTES });
    const first = await pool.submit(where);
    expect(await pool.submit(leak, 1)).toBe(first);
    const leaking = pool.submit(leak, MEGABYTES);
    const rest = [1, 2, 3].map(() => pool.submit(where));
    expect(await leaking).toBe(first);
    const [second, ...others] = await Promise.all(rest);
    expect(second).not.toBe(first);
    expect(others).toEqual([second, second]);
    expect(pool.stats()).toMatchObject({ finished: 6, failed: 0 });
  });

  test('a worker of the same pool that needs little stays', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 2, maxWorkerMemory: MEGABYTES });
    const held = pool.submit(passGate, gate.path, 'held');
    await gate.arrived(1);
    const leaky = await pool.submit(leak, MEGABYTES);
    expect(await pool.submit(where)).not.toBe(leaky);
    gate.open();
    expect(await held).toBe('held');
    expect(pool.stats()).toMatchObject({ failed: 0 });
  });
});
