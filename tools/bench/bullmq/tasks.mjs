// The functions as tasks of the executor.
import { task } from '@concurrent-executors/executor/task';
import * as functions from './functions.mjs';

export const add = task(
  import.meta.url,
  /** @param {number} a @param {number} b */
  function add(a, b) {
    return functions.add(a, b);
  },
);

export const echo = task(
  import.meta.url,
  /** @param {string} text */
  function echo(text) {
    return functions.echo(text);
  },
);

export const lengthOf = task(
  import.meta.url,
  /** @param {Uint8Array} bytes */
  function lengthOf(bytes) {
    return functions.lengthOf(bytes);
  },
);
