import { fileURLToPath } from 'node:url';

const script = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`./workers/${name}`, import.meta.url));

/** @type {import('./adapter.mjs').Adapter} */
export const poolifier = {
  library: 'poolifier',
  usage:
    "FixedThreadPool, FixedClusterPool with serialization 'advanced', both with a queue; destroy()",
  backends: ['thread', 'process'],
  // docs/api.md: destroy() "will call the terminate method on each worker".
  onClose: 'abandons',
  abort: true,
  modulePerTask: false,
  load: () => import('poolifier'),
  async open(
    backend,
    { workers, module, forSpeed = false, plainData = false },
  ) {
    const { FixedClusterPool, FixedThreadPool, PoolEvents } =
      await import('poolifier');
    const options = {
      // Without a queue, which is the default, it gives the workers all tasks at once.
      // That is several times faster, and was so even for tasks of different lengths.
      enableTasksQueue: !forSpeed,
      ...(!forSpeed && { tasksQueueOptions: { concurrency: 1 } }),
    };
    const pool =
      backend === 'thread'
        ? new FixedThreadPool(workers, script('poolifier-thread.mjs'), {
            ...options,
            workerOptions: { argv: [module] },
          })
        : new FixedClusterPool(workers, script('poolifier-process.cjs'), {
            ...options,
            settings: {
              args: [module],
              serialization: plainData ? 'json' : 'advanced',
            },
          });
    pool.emitter?.on(PoolEvents.error, () => undefined);
    return {
      run: async (name, argument, { signal } = {}) =>
        pool.execute(argument, name, signal),
      task: (name) => (argument) => pool.execute(argument, name),
      map: (name, items) => pool.mapExecute(items, name), // it has no chunks
      ...(backend === 'thread' && {
        transferTask: (name) => (argument, transferList) =>
          pool.execute(argument, name, undefined, transferList),
      }),
      close: () => pool.destroy(),
    };
  },
};
