import { medianTime, timeLoops, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/** The part of the tasks that is run at once before the clock starts. */
const WARM_UP_PART = 0.1;

/**
 * A constant number of tasks at a time: the next one is submitted when one is done.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureInFlight(subject, { count, inFlight, atLeast }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  const runOne = async (/** @type {number} */ i) => {
    if ((await echo(i)) !== i) throw new Error(`result ${String(i)} is wrong`);
  };
  await warmUp(atLeast, () =>
    timeLoops(count * WARM_UP_PART, inFlight, runOne),
  );
  const elapsed = await medianTime(atLeast, () =>
    timeLoops(count, inFlight, runOne),
  );
  return { perSecond: (count / elapsed) * 1_000 };
}
