import { work } from '../tasks.mjs';

const ITERATIONS = 1_000_000;
const BATCHES = 200;

/**
 * How many iterations of `work` are a microsecond when nothing disturbs it. Found once a
 * run, so that all libraries get the same work.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function calibrate() {
  let fastest = Infinity;
  for (let i = 0; i < BATCHES; i += 1) {
    const start = performance.now();
    work(ITERATIONS);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return { iterationsPerMicrosecond: ITERATIONS / fastest / 1_000 };
}
