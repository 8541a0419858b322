// The tasks that the workers run. All libraries import this module as it is.
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';

/** Does nothing. @template T @param {T} value */
export function echo(value) {
  return value;
}

/** @param {Uint8Array} bytes */
export function lengthOf(bytes) {
  return bytes.byteLength;
}

/**
 * Keeps a processor busy. A number of iterations and not a time: a task that looks at
 * the clock ends in time also when it had no processor.
 *
 * @param {number} iterations
 */
export function work(iterations) {
  // `| 0` tells V8 that these are integers. Without it one of the ways in which it compiles
  // this loop is five times slower, and which one a worker gets is chance.
  const end = iterations | 0;
  let state = end | 1;
  for (let i = 0; i < end; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  }
  return state;
}

/** Holds a worker for some milliseconds, and tells which one it was. @param {number} ms */
export async function identify(ms) {
  await setTimeout(ms);
  return `${String(process.pid)}/${String(threadId)}`;
}
