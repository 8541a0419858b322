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
  load: () => import('workerpool'),
  async open(backend, { workers, module, plainData = false }) {
    const { default: library } = await import('workerpool');
    const pool = library.pool(script, {
      workerType: backend,
      minWorkers: workers,
      maxWorkers: workers,
      workerThreadOpts: { argv: [module] },
      forkArgs: [module],
      forkOpts: { serialization: plainData ? 'json' : 'advanced' },
    });
    return {
      async run(name, argument, { signal } = {}) {
        const promise = pool.exec(name, [argument]);
        signal?.addEventListener('abort', () => {
          promise.cancel();
        });
        return promise;
      },
      task: (name) => (argument) => pool.exec(name, [argument]),
      ...(backend === 'thread' && {
        transferTask: (name) => (argument, transfer) =>
          pool.exec(name, [argument], { transfer }),
      }),
      close: async () => pool.terminate(),
    };
  },
};
