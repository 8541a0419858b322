import { Worker } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import type { WorkerMessage } from '../wire/protocol.ts';
import {
  PoolExecutor,
  type PoolOptions,
  type WorkerOptions,
} from './pool-executor.ts';

/**
 * Runs tasks in worker threads. For CPU-bound work that passes little or
 * transferable data; a crash of native code ends the whole program.
 */
export class ThreadPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ThreadPoolExecutor', startThreads, options);
  }
}

function startThreads(
  namePrefix: string,
  { env, execArgv, resourceLimits }: WorkerOptions,
): StartWorker {
  return (index, events) => {
    const worker = new Worker(
      new URL('../worker/thread-entry.js', import.meta.url),
      {
        name: `${namePrefix}_${String(index)}`,
        ...(env && { env }),
        ...(execArgv && { execArgv: [...execArgv] }),
        ...(resourceLimits && { resourceLimits }),
      },
    );
    // threadId is -1 after the exit.
    const name = `thread ${String(worker.threadId)}`;
    let cause: unknown;
    let outOfMemory = false;
    worker.on('message', (message: WorkerMessage) => {
      events.message(message);
    });
    worker.on('error', (error) => {
      cause = error;
      outOfMemory =
        error instanceof Error &&
        'code' in error &&
        error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    });
    worker.on('messageerror', (error) => {
      // A message was lost, and with it the end of some task: no other way to settle it.
      cause = error;
      void worker.terminate();
    });
    worker.on('exit', (exitCode) => {
      events.exit({
        worker: name,
        exitCode,
        signal: null,
        stderr: '',
        outOfMemory,
        cause,
      });
    });
    return {
      send: (message, transfer) => {
        worker.postMessage(message, transfer);
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
}
