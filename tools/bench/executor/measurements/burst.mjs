import { median } from '../../statistics.mjs';
import { repeat, timeBurst, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/**
 * Many tasks submitted at once. How much memory the program had at most tells what a
 * waiting task costs.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureBurst(subject, { count, repeats }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  await warmUp(echo);
  const elapsed = median(await repeat(repeats, () => timeBurst(echo, count)));
  return {
    perSecond: (count / elapsed) * 1_000,
    microseconds: (elapsed / count) * 1_000,
    peakMegabytes: process.resourceUsage().maxRSS / 1_024, // it is in kilobytes
  };
}
