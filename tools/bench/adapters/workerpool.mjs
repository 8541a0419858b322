import { fileURLToPath } from 'node:url';

const script = fileURLToPath(
  new URL('./workers/workerpool.mjs', import.meta.url),
);

/** @type {import('./adapter.mjs').Adapter} */
export const workerpool = {
  library: 'workerpool',
  usage:
    "dedicated workers of both types, processes with serialization 'advanced'; terminate()",
  backends: ['thread', 'process'],
  // README: workers "finish the tasks they are working on [...] Any pending tasks will be
  // rejected".
  onClose: 'rejects-queued',
  abort: true,
  modulePerTask: false,
  async open(backend, { workers, module }) {
    const { default: library } = await import('workerpool');
    const pool = library.pool(script, {
      workerType: backend,
      minWorkers: workers,
      maxWorkers: workers,
      workerThreadOpts: { argv: [module] },
      forkArgs: [module],
      forkOpts: { serialization: 'advanced' },
    });
    return {
      async run(name, argument, { signal } = {}) {
        const promise = pool.exec(name, [argument]);
        signal?.addEventListener('abort', () => {
          promise.cancel();
        });
        return promise;
      },
      close: async () => pool.terminate(),
    };
  },
};
