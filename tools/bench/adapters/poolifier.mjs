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
  async open(backend, { workers, module }) {
    const { FixedClusterPool, FixedThreadPool, PoolEvents } =
      await import('poolifier');
    const options = {
      // Without a queue it gives a worker all tasks at once.
      enableTasksQueue: true,
      tasksQueueOptions: { concurrency: 1 },
    };
    const pool =
      backend === 'thread'
        ? new FixedThreadPool(workers, script('poolifier-thread.mjs'), {
            ...options,
            workerOptions: { argv: [module] },
          })
        : new FixedClusterPool(workers, script('poolifier-process.cjs'), {
            ...options,
            settings: { args: [module], serialization: 'advanced' },
          });
    pool.emitter?.on(PoolEvents.error, () => undefined);
    return {
      run: async (name, argument, { signal } = {}) =>
        pool.execute(argument, name, signal),
      close: () => pool.destroy(),
    };
  },
};
