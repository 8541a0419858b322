import { setTimeout } from 'node:timers/promises';
import {
  descendants,
  proportionalMegabytes,
  residentMegabytes,
} from './proc-files.mjs';
import { openPool } from './subject.mjs';

const WORKERS = 4;

/** How long a task holds its worker, in milliseconds, so that the others get one too. */
const HOLD = 300;

/** A worker that got nothing may not have been started yet; so often it is tried. */
const ATTEMPTS = 10;

/** What starting a worker needed for a moment may be given back. In milliseconds. */
const SETTLE = 500;

/**
 * What a worker costs that has run a task: of threads, how much the program has grown;
 * of processes, their proportional set size, where a page that n processes share counts
 * as 1/n for each.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureWorkerMemory(subject) {
  await subject.adapter.load();
  // The first thread of any pool needs them; some libraries use them when they are imported.
  void [process.stdout, process.stderr];
  const before = residentMegabytes(process.pid);
  const pool = await openPool(subject, ['identify'], {
    workers: WORKERS,
  });
  const identify = pool.task('identify');
  const seen = new Set();
  for (let i = 0; i < ATTEMPTS && seen.size < WORKERS; i += 1) {
    const runs = Array.from({ length: WORKERS }, () => identify(HOLD));
    for (const worker of await Promise.all(runs)) seen.add(worker);
  }
  if (seen.size !== WORKERS) {
    throw new Error(
      `${String(seen.size)} instead of ${String(WORKERS)} workers ran tasks`,
    );
  }
  await setTimeout(SETTLE);
  const all =
    subject.backend === 'thread'
      ? residentMegabytes(process.pid) - before
      : proportionalMegabytes(descendants(process.pid));
  return { megabytes: all / WORKERS };
}
