// node worker.mjs KIND CONCURRENCY SOCKET [unpipelined]
//
// A worker. Tells "ready" when it takes jobs, answers "usage" with its processor time in
// microseconds, and "count N" with "counting" at once and "counted" when N more jobs have
// completed.
import { fileURLToPath } from 'node:url';

const [kind = '', concurrency = '', socket = '', unpipelined] =
  process.argv.slice(2);

const tell = (/** @type {object} */ message) => process.send?.(message);

/** How many jobs are still to complete until that is told. */
let left = 0;

function completed() {
  left -= 1;
  if (left === 0) tell({ counted: true });
}

process.on('message', (/** @type {{ count?: number }} */ { count }) => {
  if (count === undefined) {
    const { user, system } = process.cpuUsage();
    tell({ usage: user + system });
    return;
  }
  left = count;
  tell({ counting: true });
});
process.on('disconnect', () => process.exit());

await (kind === 'executor' ? startOurs() : startBare());
tell({ ready: true });

async function startOurs() {
  const { ExecutorWorker } =
    await import('@concurrent-executors/executor-bullmq/worker');
  await ExecutorWorker.start({
    redis: `unix:${socket}`,
    modules: [new URL('tasks.mjs', import.meta.url).href],
    concurrency: Number(concurrency),
    onIncident: console.error,
  });
}

async function startBare() {
  const { Worker } = await import('bullmq');
  const { connectionOf, QUEUE, workerOptions } =
    await import('./bare-options.mjs');
  const file = new URL('bare-processor.mjs', import.meta.url);
  const inThreads = kind === 'threads';
  const worker = new Worker(
    QUEUE,
    inThreads ? fileURLToPath(file) : (await import(file.href)).default,
    {
      connection: connectionOf(socket, unpipelined !== undefined),
      concurrency: Number(concurrency),
      useWorkerThreads: inThreads,
      ...workerOptions,
    },
  );
  worker.on('error', console.error);
  worker.on('completed', completed);
  await worker.waitUntilReady();
}
