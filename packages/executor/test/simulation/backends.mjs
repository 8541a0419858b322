import {
  AsyncExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  task,
} from '@concurrent-executors/executor';
import { isPool } from './bounds.mjs';
import * as tasks from './tasks.mjs';

/**
 * @typedef {'thread' | 'process' | 'async' | 'serial'} BackendName
 *
 * @typedef {object} Settings what the seed decides before the first step
 * @property {BackendName} backend
 * @property {number} maxWorkers
 * @property {number} tasksPerWorker
 * @property {number | undefined} maxTasksPerWorker
 * @property {number} abortGrace
 * @property {'none' | 'works' | 'fails'} initializer
 * @property {boolean} recorded whether a recorder listens; then tasks travel in messages
 *
 * @typedef {object} Backend
 * @property {readonly number[]} maxWorkers the values to choose from
 * @property {(settings: Settings, journal: string) => import('@concurrent-executors/executor').Executor} make
 */

// Registered here, under the address of their module: workers find them as its
// exports, and need not load the executor to import it.
const module = new URL('tasks.mjs', import.meta.url).href;
export const perform = task(module, tasks.perform);
const prepare = task(module, tasks.prepare);

/** @type {Readonly<Record<BackendName, Backend>>} */
export const backends = {
  thread: {
    maxWorkers: [1, 1, 2, 2, 3],
    make: (settings, journal) =>
      new ThreadPoolExecutor(poolOptions(settings, journal)),
  },
  process: {
    maxWorkers: [1, 2],
    make: (settings, journal) =>
      new ProcessPoolExecutor(poolOptions(settings, journal)),
  },
  async: {
    maxWorkers: [1, 1, 2, 3, 5],
    make: ({ maxWorkers }) => new AsyncExecutor({ maxWorkers }),
  },
  serial: {
    maxWorkers: [1],
    make: () => new SerialExecutor(),
  },
};

/**
 * @param {BackendName} backend
 * @param {import('./random.mjs').Random} random
 * @returns {Settings}
 */
export function drawSettings(backend, random) {
  /** @type {Settings} */
  const settings = {
    backend,
    maxWorkers: random.pick(backends[backend].maxWorkers),
    tasksPerWorker: 1,
    maxTasksPerWorker: undefined,
    abortGrace: random.pick([1, 1, 20]),
    initializer: 'none',
    recorded: random.fraction() < 0.4,
  };
  if (!isPool(settings)) return settings;
  const tasksPerWorker = random.pick([1, 1, 1, 2, 3]);
  const chance = random.fraction();
  return {
    ...settings,
    tasksPerWorker,
    maxTasksPerWorker: random.pick([undefined, undefined, undefined, 1, 3]),
    initializer: chance < 0.02 ? 'fails' : chance < 0.2 ? 'works' : 'none',
  };
}

/** @param {Settings} settings @param {string} journal */
function poolOptions(settings, journal) {
  const { maxWorkers, tasksPerWorker, abortGrace } = settings;
  const { maxTasksPerWorker, initializer } = settings;
  return {
    maxWorkers,
    tasksPerWorker,
    abortGrace,
    ...(maxTasksPerWorker === undefined ? {} : { maxTasksPerWorker }),
    ...(initializer === 'none'
      ? {}
      : { initializer: prepare, initArgs: [journal, initializer === 'fails'] }),
  };
}
