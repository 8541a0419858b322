import { assertSame, medianTime, timeLoops, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/**
 * How many tasks a library without a map has in flight: as many as the executor's map
 * submits ahead by default.
 */
const IN_FLIGHT = 1_024;

/** The part of the items that is mapped at once before the clock starts. */
const WARM_UP_PART = 0.1;

/**
 * The results of a function for many numbers, in their order.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureChunkedMap(
  subject,
  { count, chunkSize, atLeast },
) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  const map = async (/** @type {readonly number[]} */ items) => {
    if (pool.map) return pool.map('echo', items, chunkSize);
    /** @type {unknown[]} */
    const results = [];
    await timeLoops(items.length, IN_FLIGHT, async (i) => {
      results[i] = await echo(items[i]);
    });
    return results;
  };

  const items = Array.from({ length: count }, (_, i) => i);
  const warmUpItems = items.slice(0, count * WARM_UP_PART);
  await warmUp(atLeast, () => map(warmUpItems));
  const elapsed = await medianTime(atLeast, async () => {
    const start = performance.now();
    const results = await map(items);
    const time = performance.now() - start;
    if (results.length !== count) throw new Error('results are missing');
    assertSame(results, (i) => i);
    return time;
  });
  return { perSecond: (count / elapsed) * 1_000 };
}
