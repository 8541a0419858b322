import { medianTime, timeBurst, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/** A million tasks would fill the memory before the clock starts. */
const WARM_UP_COUNT = 20_000;

/**
 * Many tasks submitted at once. How much memory the program had at most tells what a
 * waiting task costs.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureBurst(subject, { count, repeats, atLeast }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  const warmUpCount = Math.min(count, WARM_UP_COUNT);
  await warmUp(atLeast, () => timeBurst(echo, warmUpCount));
  const elapsed = await medianTime(
    atLeast,
    () => timeBurst(echo, count),
    repeats,
  );
  return {
    perSecond: (count / elapsed) * 1_000,
    microseconds: (elapsed / count) * 1_000,
    peakMegabytes: process.resourceUsage().maxRSS / 1_024, // it is in kilobytes
  };
}
