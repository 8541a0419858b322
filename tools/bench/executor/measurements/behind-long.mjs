import { median } from '../../statistics.mjs';
import { repeat, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/**
 * One long task, and at once many short ones: the time until all short ones are done.
 * Where none waits behind the long one, this is what one worker needs for them.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureBehindLong(subject, parameters) {
  const { long, short, count, repeats, iterationsPerMicrosecond, atLeast } =
    parameters;
  const iterationsOf = (/** @type {number} */ microseconds) =>
    Math.round(microseconds * iterationsPerMicrosecond);
  const pool = await openPool(subject, ['work']);
  const work = pool.task('work');
  const runShort = () =>
    Promise.all(Array.from({ length: count }, () => work(iterationsOf(short))));

  await warmUp(atLeast, runShort);
  const times = await repeat(repeats, async () => {
    const start = performance.now();
    const longOne = work(iterationsOf(long));
    await runShort();
    const elapsed = performance.now() - start;
    await longOne;
    return elapsed;
  });
  return { milliseconds: median(times) };
}
