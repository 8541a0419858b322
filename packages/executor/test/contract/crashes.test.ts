/* Workers that end when nobody asked them to: what becomes of all the others. */
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  ExecutorTerminatedError,
  ProcessPoolExecutor,
  WorkerExitError,
} from '@concurrent-executors/executor';
import {
  add,
  byteLength,
  double,
  echo,
  exit,
  passGate,
  spin,
  where,
} from '../fixtures/tasks.mjs';
import {
  blockUntilExists,
  exitWhenIdle,
  killAll,
  passGateAndExit,
  returnBytesAndKill,
} from '../fixtures/worker-tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeMarker } from '../support/marker.ts';
import { countStarts, nextWorkerExit } from '../support/worker-events.ts';

describe.each(pools)('$name pool: a callback of a crash', ({ Pool }) => {
  /** Two tasks in one worker: the first ends it, the second runs again after that. */
  async function crashBeside(signal: AbortSignal) {
    await using gate = await makeGate();
    const held = await makeGate();
    const pool = new Pool({ maxWorkers: 1, tasksPerWorker: 2, signal });
    const crash = pool.submit(passGateAndExit, gate.path, 3);
    const again = pool.with({ retries: 1 }).submit(passGate, held.path, 'done');
    await Promise.all([gate.arrived(1), held.arrived(1)]);
    gate.open();
    return { pool, crash, again, held };
  }

  test('can shut the pool down, which waits for what runs again', async () => {
    const { pool, crash, again, held } = await crashBeside(
      new AbortController().signal,
    );
    await using gate = held;
    const closed = new Promise((resolve) => {
      crash.addDoneCallback(() => {
        resolve(pool.shutdown().then(() => again.state));
      });
    });
    expect(await crash.exception()).toBeInstanceOf(WorkerExitError);
    gate.open();
    expect(await closed).toBe('finished');
    expect(await again).toBe('done');
  });

  test('can abort all: what was to run again does not', async () => {
    const controller = new AbortController();
    const { pool, crash, again, held } = await crashBeside(controller.signal);
    await using gate = held;
    crash.addDoneCallback(() => {
      controller.abort();
    });
    expect(await again.exception()).toBeInstanceOf(AbortError);
    await pool.shutdown();
    expect(gate.arrivals).toBe(1);
  });
});

describe.each(pools)('$name pool: crashes', ({ Pool }) => {
  test('a worker that ends fails what it ran, and the rest runs elsewhere', async () => {
    await using pool = new Pool({ maxWorkers: 1, tasksPerWorker: 2 });
    await using gate = await makeGate();
    await using held = await makeGate();
    const neighbour = pool.submit(passGate, held.path, 'neighbour');
    const crash = pool.submit(passGateAndExit, gate.path, 3);
    const queued = [1, 2, 3].map((n) => pool.submit(double, n));
    await Promise.all([gate.arrived(1), held.arrived(1)]);
    gate.open();
    for (const future of [neighbour, crash]) {
      const error = await future.exception();
      expect(error).toBeInstanceOf(WorkerExitError);
      expect(error).toMatchObject({ exitCode: 3 });
    }
    expect(await Promise.all(queued)).toEqual([2, 4, 6]);
  });

  test('a task whose worker ended is not run again unless told so', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    await using gate = await makeGate();
    gate.open();
    const crash = pool.submit(passGateAndExit, gate.path, 3);
    expect(await crash.exception()).toBeInstanceOf(WorkerExitError);
    // Had it run again, it would have been counted here before `last`.
    const last = pool.submit(passGate, gate.path, 'last');
    expect(await last).toBe('last');
    expect(gate.arrivals).toBe(2);
    const again = pool
      .with({ retries: 1 })
      .submit(passGateAndExit, gate.path, 4);
    expect(await again.exception()).toMatchObject({ exitCode: 4 });
    expect(gate.arrivals).toBe(4);
  });

  test('an idle worker that ends is replaced without a word', async () => {
    const exited = nextWorkerExit();
    await using pool = new Pool({ maxWorkers: 1 });
    const before = await pool.submit(where);
    await pool.submit(exitWhenIdle);
    await exited;
    const after = await pool.submit(where);
    expect(after).not.toBe(before);
  });

  test('a done callback may submit what crashes, and the callback of that the next', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const sum = await new Promise((resolve) => {
      pool.submit(add, 1, 2).addDoneCallback(() => {
        pool.submit(exit, 1).addDoneCallback(({ failed }) => {
          if (failed) resolve(pool.submit(add, 3, 4));
        });
      });
    });
    expect(sum).toBe(7);
  });

  test('large arguments and results arrive whole', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    const sizes = [1 << 22, (1 << 22) + 1];
    const arrays = sizes.map((size, n) => new Uint8Array(size).fill(n + 1));
    const results = pool.map(echo<Uint8Array>, arrays);
    for (const array of arrays) {
      const { value } = await results.next();
      expect(Buffer.compare(value ?? Buffer.alloc(0), array)).toBe(0);
    }
  });

  test('hundreds of tasks can be submitted to a worker that does not read', async () => {
    await using pool = new Pool({ maxWorkers: 1, tasksPerWorker: 500 });
    await using marker = makeMarker();
    const blocked = pool.submit(blockUntilExists, marker.path);
    // More than a pipe holds, so that it is full.
    const text = 'x'.repeat(10_000);
    const futures = Array.from({ length: 400 }, () => pool.submit(echo, text));
    expect(futures.every(({ done }) => !done)).toBe(true);
    await marker.make();
    await blocked;
    for (const result of await Promise.all(futures)) expect(result).toBe(text);
  });

  test('a crash while a large argument is on its way settles its task, and the queue goes on', async () => {
    await using pool = new Pool({
      maxWorkers: 1,
      tasksPerWorker: 2,
      abortGrace: 1,
    });
    await using gate = await makeGate();
    const blocked = pool.submit(spin, gate.path);
    await gate.arrived(1);
    const large = pool.submit(byteLength, new ArrayBuffer(1 << 24));
    const queued = pool.submit(double, 1);
    blocked.abort();
    expect(await blocked.exception()).toMatchObject({ name: 'AbortError' });
    // A thread shows that it had not started it: then it runs elsewhere.
    const outcome = await large.then(
      (length) => length,
      (error: unknown) => (error as Error).name,
    );
    expect(['WorkerExitError', 1 << 24]).toContain(outcome);
    expect(await queued).toBe(2);
  });
});

test('a process that is killed while its large result is on its way gives all of it or fails', async () => {
  await using pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  const large = pool.submit(returnBytesAndKill, 1 << 24);
  // If all of it has arrived, the kill is a moment later.
  const queued = pool.with({ retries: 1 }).submit(double, 1);
  const outcome = await large.then(
    (bytes) => bytes.length,
    (error: unknown) => (error as WorkerExitError).signal,
  );
  expect(['SIGKILL', 1 << 24]).toContain(outcome);
  expect(await queued).toBe(2);
});

test('processes that kill each other fail their tasks, and the pool goes on', async () => {
  await using pool = new ProcessPoolExecutor({ maxWorkers: 3 });
  await using gate = await makeGate();
  const held = [1, 2, 3].map((n) => pool.submit(passGate, gate.path, n));
  await gate.arrived(3);
  gate.open();
  await Promise.all(held);
  const places = await Promise.all(held.map(() => pool.submit(where)));
  const pids = places.map((place) => Number.parseInt(place));
  const fights = pids.map(() => pool.submit(killAll, pids));
  for (const fight of fights) {
    expect(await fight.exception()).toMatchObject({ signal: 'SIGKILL' });
  }
  const sums = [1, 2, 3].map((n) => pool.submit(double, n));
  expect(await Promise.all(sums)).toEqual([2, 4, 6]);
});

test('what crashes after shutdown() fails, and the shutdown ends', async () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
  await using gate = await makeGate();
  const crash = pool.submit(passGateAndExit, gate.path, 3);
  const unsendable = pool.submit(echo, () => 1);
  await gate.arrived(1);
  const closed = pool.shutdown();
  gate.open();
  expect(await crash.exception()).toMatchObject({ exitCode: 3 });
  await closed;
  expect(await unsendable.exception()).toMatchObject({
    code: 'ERR_TASK_NOT_SERIALIZABLE',
  });
});

test('terminateWorkers() while processes are replaced starts no new one', async () => {
  const pool = new ProcessPoolExecutor({ maxWorkers: 2, maxTasksPerWorker: 1 });
  const futures = Array.from({ length: 10 }, (_, n) => pool.submit(double, n));
  await futures[0];
  const terminated = pool.terminateWorkers();
  using starts = countStarts();
  await terminated;
  expect(starts.workers).toBe(0);
  for (const future of futures) {
    if (!future.failed) continue;
    expect(await future.exception()).toBeInstanceOf(ExecutorTerminatedError);
  }
  expect(futures.at(-1)?.failed).toBe(true);
});
