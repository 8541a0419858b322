/** The library as it is built. */
export const executorModule = new URL(
  '../../../packages/executor/dist/index.js',
  import.meta.url,
);

/** @type {import('./adapter.mjs').Adapter} */
export const executor = {
  library: 'executor',
  usage: 'ThreadPoolExecutor and ProcessPoolExecutor; shutdown()',
  backends: ['thread', 'process'],
  onClose: 'runs',
  abort: true,
  modulePerTask: true,
  load: () => import(executorModule.href),
  async open(backend, { workers, module }) {
    const { moduleTasks, ProcessPoolExecutor, ThreadPoolExecutor } =
      await import(executorModule.href);
    const Executor =
      backend === 'thread' ? ThreadPoolExecutor : ProcessPoolExecutor;
    const pool = new Executor({ maxWorkers: workers });
    const tasks = moduleTasks(module);
    return {
      async run(name, argument, { module: own = module, signal } = {}) {
        const future = pool.submit(moduleTasks(own)[name], argument);
        signal?.addEventListener('abort', () => {
          future.abort(signal.reason);
        });
        return future;
      },
      task(name) {
        const task = tasks[name];
        return (argument) => pool.submit(task, argument);
      },
      ...(backend === 'thread' && {
        transferTask: (name) => (argument, transfer) =>
          pool.with({ transfer }).submit(tasks[name], argument),
      }),
      async map(name, items, chunkSize) {
        const results = [];
        const chunked = pool.with({ chunkSize });
        for await (const result of chunked.map(tasks[name], items)) {
          results.push(result);
        }
        return results;
      },
      close: () => pool.shutdown(),
    };
  },
};
