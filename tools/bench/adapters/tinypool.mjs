/** @type {import('./adapter.mjs').Adapter} */
export const tinypool = {
  library: 'tinypool',
  usage: "Tinypool with both runtimes and serialization 'advanced'; destroy()",
  backends: ['thread', 'process'],
  // There is only destroy(). The README refers to that of piscina, which "rejects all
  // Promises for pending tasks".
  onClose: 'rejects',
  abort: true,
  modulePerTask: true,
  load: () => import('tinypool'),
  async open(backend, { workers, module, plainData = false }) {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({
      runtime: backend === 'thread' ? 'worker_threads' : 'child_process',
      filename: module,
      minThreads: workers,
      maxThreads: workers,
      serialization: plainData ? 'json' : 'advanced',
      // Its processes get no other variables than these.
      env: /** @type {Record<string, string>} */ (process.env), // all are set
    });
    pool.on('error', () => undefined);
    return {
      run: async (name, argument, { module: filename = module, signal } = {}) =>
        pool.run(argument, { name, filename, ...(signal && { signal }) }),
      task(name) {
        const options = { name };
        return (argument) => pool.run(argument, options);
      },
      ...(backend === 'thread' && {
        transferTask: (name) => (argument, transferList) =>
          pool.run(argument, { name, transferList }),
      }),
      close: () => pool.destroy(),
    };
  },
};
