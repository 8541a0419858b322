/*
 * What a benchmark needs of a library. Every file beside this one is the adapter of one
 * library; index.mjs lists them.
 *
 * An adapter uses its library in the way that the documentation tells, and takes the
 * documented option where there is one that helps: a listener for 'error' events,
 * serialization as by the structured clone algorithm, a queue. It repairs nothing.
 */

/**
 * @typedef {'thread' | 'process'} Backend
 */

/**
 * @typedef {object} OpenOptions
 * @property {number} workers how many, no more and no fewer
 * @property {string} module URL of the module whose exported functions are the tasks
 * @property {readonly string[]} names the functions that will be run
 * @property {boolean} [forSpeed] speed is measured: a library that is faster without a
 *   queue goes without; default: false
 * @property {boolean} [plainData] JSON can carry all arguments and results: a library that
 *   is faster with it may use it between processes; default: false
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [module] another module than the pool's; only where `modulePerTask`
 * @property {AbortSignal} [signal] ends the task, also when it runs; only where `abort`
 */

/** @typedef {(argument?: unknown) => PromiseLike<unknown>} Task */

/**
 * @typedef {(argument: unknown, transfer: ArrayBuffer[]) => PromiseLike<unknown>} TransferTask
 */

/**
 * @typedef {object} Pool
 * @property {(name: string, argument: unknown, options?: RunOptions) => Promise<unknown>} run
 *   calls the function of that name in a worker
 * @property {(name: string) => Task} task the library's own call of that function and
 *   nothing around it, for measurements
 * @property {(name: string) => TransferTask} [transferTask] the same for an argument that is
 *   moved to a thread instead of copied; missing where the library or the backend cannot
 * @property {(name: string, items: readonly unknown[], chunkSize: number) =>
 *   Promise<unknown[]>} [map] the library's own way to call the function for each item,
 *   `chunkSize` of them as one message if it can; missing where it has no map
 * @property {() => Promise<unknown>} close ends the pool as gently as the library can
 */

/**
 * @typedef {object} Adapter
 * @property {string} library
 * @property {string} usage how it is used here, for a document
 * @property {readonly Backend[]} backends
 * @property {'runs' | 'rejects-queued' | 'rejects' | 'abandons'} onClose what `close` promises
 *   for the tasks in the pool: it runs all of them; it runs those that have started, and
 *   rejects the others; it rejects them; it promises nothing
 * @property {boolean} abort whether one running task can be ended
 * @property {boolean} modulePerTask whether tasks of a pool may lie in several modules
 * @property {() => Promise<unknown>} load imports the library, so that `open` need not wait
 * @property {(backend: Backend, options: OpenOptions) => Promise<Pool>} open
 */

export {};
