import { openPool } from './subject.mjs';

/**
 * From the construction of a pool to the first result. The library is imported before;
 * its workers load what they need within that time.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureStart(subject) {
  await subject.adapter.load();
  const start = performance.now();
  const pool = await openPool(subject, ['echo']);
  const result = await pool.task('echo')(1);
  const milliseconds = performance.now() - start;
  if (result !== 1) throw new Error('the first result is wrong');
  return { milliseconds };
}
