import { isDeepStrictEqual } from 'node:util';
import {
  CancelledError,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
  WorkerExitError,
} from '@concurrent-executors/executor';
import { echo, exit, where } from '../fixtures/tasks.mjs';
import { Random } from '../simulation/random.mjs';

/**
 * @typedef {'thread' | 'process'} BackendName
 * @typedef {import('@concurrent-executors/executor').PoolExecutor} PoolExecutor
 * @typedef {{ returned: number; cancelled: number; lost: number; ends: number }} Tally
 */

/** @type {Readonly<Record<BackendName, () => PoolExecutor>>} */
export const pools = {
  thread: () => new ThreadPoolExecutor({ maxWorkers: 2 }),
  process: () => new ProcessPoolExecutor({ maxWorkers: 2 }),
};

/** Some rows of tasks, of at most so many each. */
const MAX_ROW = 3_000;
const MAX_IN_FLIGHT = 64;

/** So long nothing may happen, in milliseconds: only a pool that hangs takes as long. */
const PATIENCE = 120_000;

/** What must not be. */
export class Fault extends Error {}

/**
 * Gives a pool many tasks with values of all sizes, cancels some, and ends workers in the
 * middle of others. Checks that each result is the argument, that a task is cancelled if and
 * only if cancel() was true, and that the end of a worker fails one task at most.
 *
 * @param {{ backend: BackendName; tasks: number; seed: number }} scenario
 * @returns {Promise<Tally>}
 * @throws Fault
 */
export async function stress({ backend, tasks, seed }) {
  const random = new Random(seed);
  const pool = pools[backend]();
  const tally = { returned: 0, cancelled: 0, lost: 0, ends: 0 };
  let left = tasks;
  try {
    while (left > 0) {
      const row = Math.min(1 + random.below(MAX_ROW), left);
      left -= row;
      const atOnce = random.chance(0.5)
        ? row
        : Math.min(1 + random.below(MAX_IN_FLIGHT), row);
      await within(runRow(row, atOnce), left);
    }
    await within(pool.shutdown(), 0);
  } catch (error) {
    await pool.killWorkers();
    throw error;
  }
  if (tally.lost > tally.ends) {
    throw new Fault(
      `${String(tally.lost)} tasks failed with ${String(tally.ends)} workers`,
    );
  }
  return tally;

  /** @param {number} count @param {number} atOnce */
  async function runRow(count, atOnce) {
    let started = 0;
    const loop = async () => {
      while (started < count) {
        started += 1;
        if (random.chance(0.000_2)) await endWorker();
        else await runOne();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
  }

  async function runOne() {
    const value = makeValue(random);
    const future = pool.submit(echo, value);
    let isCancelled = false;
    if (random.chance(0.05)) {
      setImmediate(() => {
        isCancelled = !future.done && future.cancel();
      });
    }
    const outcome = await settled(future);
    if (isCancelled !== outcome.error instanceof CancelledError) {
      throw new Fault(`cancel() was ${String(isCancelled)}, ${told(outcome)}`);
    }
    if (isCancelled) tally.cancelled += 1;
    else if (outcome.error instanceof WorkerExitError) tally.lost += 1;
    else if (outcome.error !== undefined) throw new Fault(told(outcome));
    else if (isDeepStrictEqual(outcome.value, value)) tally.returned += 1;
    else throw new Fault(`a result is not what was sent: ${told(outcome)}`);
  }

  /** From within, or while it does anything. */
  async function endWorker() {
    tally.ends += 1;
    if (backend === 'thread' || random.chance(0.5)) {
      const { error } = await settled(pool.submit(exit, 3));
      if (!(error instanceof WorkerExitError)) {
        throw new Fault(`exit() failed with ${String(error)}`);
      }
      tally.lost += 1;
      return;
    }
    const { value } = await settled(pool.submit(where));
    // Failed if the worker was ended by another one.
    if (value === undefined) tally.lost += 1;
    else kill(Number.parseInt(value, 10));
  }
}

/** @param {Random} random @returns {unknown} */
function makeValue(random) {
  const size = random.below(40_000);
  const { make } = random.weighted([
    { weight: 60, make: () => size },
    { weight: 20, make: () => `text ${String(size)}` },
    { weight: 10, make: () => ({ size, text: 'x'.repeat(size % 1_500) }) },
    { weight: 7, make: () => `${String(size)}${'ÿ'.repeat(size)}` },
    { weight: 2.8, make: () => [size, Buffer.alloc(10 * size, `${size}`)] },
    { weight: 0.2, make: () => Buffer.alloc(100 * size, `${size}`) },
  ]);
  return make();
}

/**
 * @template T
 * @param {PromiseLike<T>} future
 * @returns {Promise<{ value?: T; error?: unknown }>}
 */
async function settled(future) {
  try {
    return { value: await future };
  } catch (error) {
    return { error };
  }
}

/** @param {{ value?: unknown; error?: unknown }} outcome */
const told = ({ value, error }) =>
  (error === undefined
    ? `returned ${JSON.stringify(value) ?? 'undefined'}`
    : `failed with ${String(error)}`
  ).slice(0, 200);

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended meanwhile.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * @param {Promise<unknown>} promise
 * @param {number} left how many tasks come later
 */
async function within(promise, left) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault(`it hangs, with ${String(left)} tasks to come`));
    }, PATIENCE);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
