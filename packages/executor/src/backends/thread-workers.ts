import { Worker, type Transferable } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import { Claims } from '../wire/claims.ts';
import type { WorkerMessage } from '../wire/protocol.ts';
import type { WorkerKind, WorkerOptions } from './pool-executor.ts';

/**
 * How many tasks a thread may have that it has not started. They can be taken back
 * at any time, so more would do no harm; these few hide the way of an answer and
 * the next task.
 */
const PREFETCH = 4;

/**
 * A worker whose tasks take less, in milliseconds, is sent tasks ahead. Above it the
 * time between an answer and the next task, some 0.1 ms, is lost in the noise.
 */
const PREFETCH_PACE = 2;

/** Tasks that were taken back keep their claim word until the thread has passed over them. */
const SPARE_PLACES = 16;

/** What makes a pool one of threads. */
export const threads: WorkerKind = {
  startWorkers: startThreads,
  prefetch: { depth: PREFETCH, pace: PREFETCH_PACE },
  sharesMemory: true,
};

function startThreads(
  namePrefix: string,
  { env, execArgv, resourceLimits }: WorkerOptions,
  capacity: number,
): StartWorker {
  return (index, events) => {
    const claims = new Claims(capacity + PREFETCH + SPARE_PLACES);
    const worker = new Worker(
      new URL('../worker/thread-entry.js', import.meta.url),
      {
        name: `${namePrefix}_${String(index)}`,
        workerData: claims.memory,
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
    const terminate = (): void => {
      void worker.terminate();
    };
    return {
      name,
      claims,
      send(message, transfer = []) {
        // The bytes of a body are made for this message and not needed here any more.
        const bytes =
          'body' in message ? [message.body.bytes.buffer as ArrayBuffer] : [];
        worker.postMessage(message, [...bytes, ...transfer] as Transferable[]);
      },
      terminate,
      kill: terminate,
      keepAlive(keep) {
        if (keep) worker.ref();
        else worker.unref();
      },
    };
  };
}
