import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import * as tasks from './tasks.mjs';

/** @typedef {import('./submitter.mjs').FunctionName} FunctionName */

/** @param {string} socket @returns {Promise<import('./submitter.mjs').Submitter>} */
export async function openOurs(socket) {
  const executor = new BullMQExecutor({ redis: `unix:${socket}` });
  // The functions take different arguments; a call of a measurement has those of its own.
  const taskOf = (/** @type {FunctionName} */ name) =>
    /** @type {import('@concurrent-executors/executor').Task<any[], unknown>} */ (
      tasks[name]
    );
  return {
    run: (name, ...args) => executor.submit(taskOf(name), ...args),
    runAll: (name, calls) =>
      calls.map((args) => executor.submit(taskOf(name), ...args)),
    async map(name, columns, chunkSize) {
      const chunked = executor.with({ chunkSize });
      const results = [];
      for await (const result of chunked.map(taskOf(name), ...columns)) {
        results.push(result);
      }
      return results;
    },
  };
}
