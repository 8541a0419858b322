import { timeLoops, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/**
 * A constant number of tasks at a time: the next one is submitted when one is done.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureInFlight(subject, { count, inFlight }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  await warmUp(echo);
  const elapsed = await timeLoops(count, inFlight, async (i) => {
    if ((await echo(i)) !== i) throw new Error(`result ${String(i)} is wrong`);
  });
  return { perSecond: (count / elapsed) * 1_000 };
}
