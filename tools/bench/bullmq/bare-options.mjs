/* What BullMQ alone is given: what the executor gives it. */

export const QUEUE = 'bench';

/**
 * @param {string} socket
 * @param {boolean} isUnpipelined
 */
export const connectionOf = (socket, isUnpipelined) => ({
  path: socket,
  maxRetriesPerRequest: null,
  enableAutoPipelining: !isUnpipelined,
});

export const jobOptions = {
  attempts: 1,
  priority: 2 ** 20,
  removeOnComplete: { age: 3_600, count: 100_000 },
  removeOnFail: { age: 86_400, count: 10_000 },
};

export const workerOptions = {
  lockDuration: 10_000,
  lockRenewTime: 10_000 / 3,
  stalledInterval: 5_000,
  maxStalledCount: 2,
};
