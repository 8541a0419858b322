/*
 * Workers without a pool: each does its share of all work in one loop. Nothing that
 * hands out tasks can be faster, so the time that they need is the ideal one. It counts
 * the processors that can really be used, whatever their number.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const entry = new URL('bare-worker.mjs', import.meta.url);

/**
 * @typedef {object} Load
 * @property {number} times how often the work is done
 * @property {number} iterations
 */

/** @typedef {(loads: readonly Load[]) => Promise<number>} TimeBare */

/**
 * @param {import('../../adapters/adapter.mjs').Backend} backend
 * @param {number} workers
 * @returns {Promise<TimeBare>} does the loads with all workers, and gives the milliseconds
 *   that it took
 */
export async function startBareWorkers(backend, workers) {
  const start = backend === 'thread' ? startThread : startProcess;
  const all = await Promise.all(Array.from({ length: workers }, start));
  return async (loads) => {
    const before = performance.now();
    await Promise.all(all.map((run, i) => run(share(loads, i, workers))));
    return performance.now() - before;
  };
}

/** What one of the workers does. @param {readonly Load[]} loads @param {number} index @param {number} workers */
function share(loads, index, workers) {
  return loads.map(({ times, iterations }) => ({
    times: Math.floor((times + index) / workers),
    iterations,
  }));
}

async function startThread() {
  const worker = new Worker(entry);
  worker.unref();
  await once(worker, 'message');
  return async (/** @type {readonly Load[]} */ loads) => {
    worker.postMessage(loads);
    await once(worker, 'message');
  };
}

async function startProcess() {
  const child = fork(fileURLToPath(entry));
  await once(child, 'message');
  return async (/** @type {readonly Load[]} */ loads) => {
    child.send(loads);
    await once(child, 'message');
  };
}
