import { availableParallelism } from 'node:os';
import { Worker, type Transferable } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import { withOwnBuffers } from '../wire/own-buffers.ts';
import { HostMemoryLane } from '../wire/host-memory-lane.ts';
import type { ThreadData } from '../wire/lane-memory.ts';
import { DOORBELL, type WorkerMessage } from '../wire/protocol.ts';
import type { WorkerKind, WorkerOptions } from './pool-executor.ts';

/**
 * How many tasks a thread may have that it has not started. They can be taken back
 * at any time. So many hide that this program does something else for a
 * millisecond, even if a task takes a few microseconds; with more there would be more than
 * 256 places.
 */
const PREFETCH = 190;

/**
 * A worker whose tasks take less, in milliseconds, is sent tasks ahead. Above it the
 * time between an answer and the next task, some 0.1 ms, is lost in the noise.
 */
const PREFETCH_PACE = 2;

/** About a round trip by messages: 54 to 80 µs in the pools of docs/benchmarks.md. */
const WAIT = 0.1;

/** This program needs 1.4 to 2.7 µs, by machine, to pass a task on and to settle its future. */
const QUICK = 0.002;

/**
 * Tasks that were taken back keep their claim word until the thread has passed over
 * them: there are more places than are needed, and a power of 2 of them.
 */
function placesFor(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(capacity + PREFETCH + 64));
}

const canSpin = availableParallelism() > 1;

/** What makes a pool one of threads. */
export const threads: WorkerKind = {
  startWorkers: startThreads,
  prefetch: {
    depth: PREFETCH,
    deepest: PREFETCH,
    pace: PREFETCH_PACE,
    wait: WAIT,
    quick: QUICK,
    gather: Infinity,
  },
  sharesMemory: true,
};

function startThreads(
  namePrefix: string,
  { env, execArgv, resourceLimits }: WorkerOptions,
  capacity: number,
): StartWorker {
  return (index, events) => {
    const lane = new HostMemoryLane(placesFor(capacity), () => {
      worker.postMessage(DOORBELL);
    });
    const workerData: ThreadData = { memory: lane.memory, canSpin };
    const worker = new Worker(
      new URL('../worker/thread-entry.cjs', import.meta.url),
      {
        name: `${namePrefix}_${String(index)}`,
        workerData,
        ...(env && { env }),
        ...(execArgv && { execArgv: [...execArgv] }),
        ...(resourceLimits && { resourceLimits }),
      },
    );
    // threadId is -1 after the exit.
    const name = `thread ${String(worker.threadId)}`;
    let cause: unknown;
    let outOfMemory = false;
    worker.on('message', (message: WorkerMessage | typeof DOORBELL) => {
      if (message === DOORBELL) events.answers();
      else events.message(message);
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
      lane,
      send(sent, transfer = []) {
        const { message, own } = withOwnBuffers(sent);
        lane.flush(); // a message may be about a task that it was not shown
        worker.postMessage(message, [...own, ...transfer] as Transferable[]);
        lane.posted();
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
