/** @type {import('./adapter.mjs').Adapter} */
export const piscina = {
  library: 'piscina',
  usage: 'Piscina; close() with a closeTimeout of 3 s instead of 30 s',
  backends: ['thread'],
  onClose: 'runs',
  abort: true,
  modulePerTask: true,
  async open(_backend, { workers, module }) {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      filename: module,
      minThreads: workers,
      maxThreads: workers,
      // What close() waits for tasks, in milliseconds; 30 s by default.
      closeTimeout: 3_000,
    });
    // README, "Event: 'error'": also emitted for what is no task's error.
    pool.on('error', () => undefined);
    return {
      run: async (name, argument, { module: filename = module, signal } = {}) =>
        pool.run(argument, { name, filename, ...(signal && { signal }) }),
      close: () => pool.close(),
    };
  },
};
