/** @type {import('./adapter.mjs').Adapter} */
export const piscina = {
  library: 'piscina',
  usage: 'Piscina; close() with a closeTimeout of 3 s instead of 30 s',
  backends: ['thread'],
  onClose: 'runs',
  abort: true,
  modulePerTask: true,
  load: () => import('piscina'),
  async open(_backend, { workers, module }) {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      filename: module,
      minThreads: workers,
      maxThreads: workers,
      // What close() waits for tasks, in milliseconds; 30 s by default.
      closeTimeout: 3_000,
      // docs, class Piscina: run and wait times are recorded by default. None are asked
      // for here, and it is faster without. `atomics` stays at 'sync', which is the
      // default and, say the docs, the faster one.
      recordTiming: false,
    });
    // README, "Event: 'error'": also emitted for what is no task's error.
    pool.on('error', () => undefined);
    return {
      run: async (name, argument, { module: filename = module, signal } = {}) =>
        pool.run(argument, { name, filename, ...(signal && { signal }) }),
      task(name) {
        const options = { name };
        return (argument) => pool.run(argument, options);
      },
      transferTask: (name) => (argument, transferList) =>
        pool.run(argument, { name, transferList }),
      close: () => pool.close(),
    };
  },
};
