import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** @typedef {Awaited<ReturnType<typeof startWorker>>} WorkerProcess */

/**
 * A worker in a process of its own.
 *
 * @param {import('./columns.mjs').Contender} contender
 * @param {string} socket of Redis
 */
export async function startWorker(
  { kind, concurrency, isUnpipelined = false },
  socket,
) {
  // It gets the options of this program, as those for a profile.
  const child = fork(program, [
    kind,
    String(concurrency),
    socket,
    ...(isUnpipelined ? ['unpipelined'] : []),
  ]);
  /** @param {string} key @returns {Promise<any>} */
  const answer = (key) =>
    new Promise((resolve, reject) => {
      const look = (/** @type {any} */ message) => {
        if (!(key in message)) return;
        child.off('message', look);
        resolve(message[key]);
      };
      child.on('message', look);
      child.once('exit', () => {
        reject(new Error('a worker has ended'));
      });
    });
  await answer('ready');
  return {
    /** Its processor time so far, in microseconds. @returns {Promise<number>} */
    usage() {
      child.send({});
      return answer('usage');
    },
    /**
     * Has it count, and gives what resolves when so many more of its jobs have completed.
     *
     * @param {number} count
     */
    async startCounting(count) {
      child.send({ count });
      await answer('counting');
      return { counted: answer('counted') };
    },
    /** Ends it in a way that lets it write a profile. */
    async close() {
      child.disconnect();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
