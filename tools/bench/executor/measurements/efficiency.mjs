import { median } from '../../statistics.mjs';
import { startBareWorkers } from './bare-workers.mjs';
import { warmUp } from './running.mjs';
import { openPool, WORKERS } from './subject.mjs';

/**
 * The time that bare workers need for the same work, over the time that the pool needs
 * for it, in percent. They take turns, since the processors of a machine that is shared
 * are not always equally fast.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureEfficiency(subject, parameters) {
  const { loads, repeats, iterationsPerMicrosecond, atLeast } = parameters;
  const tasks = tasksOf(loads, iterationsPerMicrosecond);
  const pool = await openPool(subject, ['work']);
  const work = pool.task('work');
  const runAll = async () => {
    const start = performance.now();
    await Promise.all(tasks.order.map((iterations) => work(iterations)));
    return performance.now() - start;
  };
  const timeBare = await startBareWorkers(subject.backend, WORKERS);

  await warmUp(atLeast, runAll);
  await timeBare(tasks.loads);
  const bare = [await timeBare(tasks.loads)];
  const pooled = [];
  for (let i = 0; i < repeats; i += 1) {
    pooled.push(await runAll());
    bare.push(await timeBare(tasks.loads));
  }
  // Medians, since a virtual machine that stands still for a moment, as some do, would
  // decide a mean.
  return { percent: (median(bare) / median(pooled)) * 100 };
}

/**
 * @typedef {object} TimedLoad
 * @property {number} times
 * @property {number} microseconds
 */

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * The tasks, where those of all loads are spread over all places, but not regularly: if
 * every 20th task were a long one, a pool that deals out its tasks in turn would give all
 * long ones to the same worker. The order is always the same.
 *
 * @param {readonly TimedLoad[]} timedLoads
 * @param {number} iterationsPerMicrosecond
 */
function tasksOf(timedLoads, iterationsPerMicrosecond) {
  const loads = timedLoads.map(({ times, microseconds }) => ({
    times,
    iterations: Math.round(microseconds * iterationsPerMicrosecond),
  }));
  const placed = loads.flatMap(({ times, iterations }) =>
    Array.from({ length: times }, (_, i) => ({
      place: ((i + 0.5) * GOLDEN_RATIO) % 1,
      iterations,
    })),
  );
  placed.sort((a, b) => a.place - b.place);
  return { loads, order: placed.map(({ iterations }) => iterations) };
}
