import { quantile } from '../../statistics.mjs';
import { warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/**
 * From the submission of one task to its result, when nothing else runs.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureRoundTrip(subject, { samples, atLeast }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  await warmUp(atLeast, () => echo(0));
  const times = new Array(samples).fill(0);
  for (let i = 0; i < samples; i += 1) {
    const start = performance.now();
    await echo(i);
    times[i] = (performance.now() - start) * 1_000;
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
