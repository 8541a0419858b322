import { Worker } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import type { WorkerMessage } from '../wire/protocol.ts';
import { PoolExecutor, type PoolOptions } from './pool-executor.ts';

/**
 * Runs tasks in worker threads. For CPU-bound work that passes little or
 * transferable data; a crash of native code ends the whole program.
 */
export class ThreadPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ThreadPoolExecutor', startThread, options);
  }
}

const startThread: StartWorker = (index, events) => {
  const worker = new Worker(
    new URL('../worker/thread-entry.js', import.meta.url),
    { name: `ThreadPoolExecutor_${String(index)}` },
  );
  // threadId is -1 after the exit.
  const name = `thread ${String(worker.threadId)}`;
  let cause: unknown;
  worker.on('message', (message: WorkerMessage) => {
    events.message(message);
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('messageerror', (error) => {
    // A message was lost, and with it the end of some task: no other way to settle it.
    cause = error;
    void worker.terminate();
  });
  worker.on('exit', (exitCode) => {
    events.exit({ worker: name, exitCode, signal: null, cause });
  });
  return {
    send: (message) => {
      worker.postMessage(message);
    },
    terminate: () => {
      void worker.terminate();
    },
    keepAlive: (keep) => {
      if (keep) worker.ref();
      else worker.unref();
    },
  };
};
