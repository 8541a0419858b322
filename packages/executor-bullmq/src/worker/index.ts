export {
  ExecutorWorker,
  type ServedQueue,
  type WorkerHealth,
} from './executor-worker.ts';
export type { ExecutorWorkerOptions } from './options.ts';
