/* Ways to give tasks to a pool, all of which check the results. */

import { median } from '../../statistics.mjs';

/** @typedef {import('../../adapters/adapter.mjs').Task} Task */

/**
 * Submits all at once, awaits all, and checks that each result is its argument.
 *
 * @param {Task} echo
 * @param {number} count
 * @returns {Promise<number>} the milliseconds that it took
 */
export async function timeBurst(echo, count) {
  const runs = new Array(count);
  const start = performance.now();
  for (let i = 0; i < count; i += 1) runs[i] = echo(i);
  const results = await Promise.all(runs);
  const elapsed = performance.now() - start;
  assertSame(results, (i) => i);
  return elapsed;
}

/**
 * Does what is to be measured until the workers have started and the code of both sides is
 * compiled for speed. A time and not a number: the compilers need as long for a library
 * that does a hundred thousand tasks meanwhile as for one that does ten thousand.
 *
 * @param {number} milliseconds at least
 * @param {() => Promise<unknown>} run
 */
export async function warmUp(milliseconds, run) {
  const end = performance.now() + milliseconds;
  do await run();
  while (performance.now() < end);
}

/**
 * The median time of so many runs, and of more if they do not take that long together.
 *
 * @param {number} milliseconds
 * @param {() => Promise<number>} measureOnce
 */
export async function medianTime(milliseconds, measureOnce, repeats = 1) {
  const times = [];
  const end = performance.now() + milliseconds;
  do times.push(await measureOnce());
  while (times.length < repeats || performance.now() < end);
  return median(times);
}

/**
 * So many loops, each of which awaits one task after the other.
 *
 * @param {number} count of all tasks
 * @param {number} inFlight how many loops
 * @param {(index: number) => PromiseLike<void>} runOne
 * @returns {Promise<number>} the milliseconds that it took
 */
export async function timeLoops(count, inFlight, runOne) {
  let next = 0;
  const loop = async () => {
    while (next < count) {
      next += 1;
      await runOne(next - 1);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, loop));
  return performance.now() - start;
}

/** @param {readonly unknown[]} results @param {(index: number) => unknown} expected */
export function assertSame(results, expected) {
  const wrong = results.findIndex((result, i) => result !== expected(i));
  if (wrong === -1) return;
  throw new Error(
    `result ${String(wrong)} is ${String(results[wrong])}, not ${String(expected(wrong))}`,
  );
}

/**
 * Measures some times.
 *
 * @param {number} repeats
 * @param {() => Promise<number>} measureOnce
 */
export async function repeat(repeats, measureOnce) {
  const values = [];
  for (let i = 0; i < repeats; i += 1) values.push(await measureOnce());
  return values;
}
