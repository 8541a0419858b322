import { Queue, QueueEvents } from 'bullmq';
import { connectionOf, jobOptions, QUEUE } from './bare-options.mjs';

/** Jobs of one addBulk(), as many as the executor sends as one message. */
const BULK = 500;

/**
 * @param {string} socket
 * @param {boolean} isUnpipelined
 * @returns {Promise<import('./submitter.mjs').Submitter>}
 */
export async function openBare(socket, isUnpipelined) {
  const connection = connectionOf(socket, isUnpipelined);
  const queue = new Queue(QUEUE, { connection });
  const events = new QueueEvents(QUEUE, { connection });
  // Each job that is waited for has listeners on both.
  queue.setMaxListeners(0);
  events.setMaxListeners(0);
  queue.on('error', console.error);
  events.on('error', console.error);
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

  /** @param {string} name @param {readonly (readonly unknown[])[]} calls */
  const addAll = (name, calls) =>
    Array.from({ length: Math.ceil(calls.length / BULK) }, (_, bulk) =>
      queue.addBulk(
        calls
          .slice(bulk * BULK, (bulk + 1) * BULK)
          .map((args) => ({ name, data: dataOf(args), opts: jobOptions })),
      ),
    );

  return {
    async run(name, ...args) {
      const job = await queue.add(name, dataOf(args), jobOptions);
      return job.waitUntilFinished(events);
    },
    runAll(name, calls) {
      const bulks = addAll(name, calls);
      return calls.map(async (_, i) => {
        const jobs = await bulks[Math.floor(i / BULK)];
        return jobs?.[i % BULK]?.waitUntilFinished(events);
      });
    },
    async send(name, calls) {
      await Promise.all(addAll(name, calls));
    },
  };
}

/** @param {readonly unknown[]} args */
const dataOf = (args) => ({
  args: args.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ),
});
