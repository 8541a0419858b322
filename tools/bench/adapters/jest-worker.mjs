/** @type {import('./adapter.mjs').Adapter} */
export const jestWorker = {
  library: 'jest-worker',
  usage: 'Worker, with and without enableWorkerThreads; end()',
  backends: ['thread', 'process'],
  // README: end() "finishes the workers by killing all workers".
  onClose: 'abandons',
  abort: false,
  modulePerTask: false,
  load: () => import('jest-worker'),
  async open(backend, { workers, module, names, plainData = false }) {
    const { Worker } = await import('jest-worker');
    const pool = new Worker(module, {
      enableWorkerThreads: backend === 'thread',
      numWorkers: workers,
      exposedMethods: names,
      ...(plainData && { forkOptions: { serialization: 'json' } }),
    });
    // The type knows nothing of the methods that the constructor adds.
    const methods =
      /** @type {Record<string, (argument: unknown) => Promise<unknown>>} */ (
        /** @type {unknown} */ (pool)
      );
    return {
      run: async (name, argument) => methods[name]?.(argument),
      task(name) {
        const method = methods[name];
        if (!method) throw new Error(`${name} is not among the names`);
        return method;
      },
      close: () => pool.end(),
    };
  },
};
