import { setTimeout } from 'node:timers/promises';
import {
  PoolExecutor,
  ProcessPoolExecutor,
  SerialExecutor,
  ThreadPoolExecutor,
  type Executor,
} from '@concurrent-executors/executor';
import type { QueueSettings } from './queue.ts';

export const EXECUTORS = ['process', 'thread', 'serial', 'bullmq'] as const;
export type ExecutorKind = (typeof EXECUTORS)[number];

/** Where the checks run. */
export type Place =
  | { readonly executor: 'process' | 'thread'; readonly workers: number }
  | { readonly executor: 'serial'; readonly workers: 1 }
  | {
      readonly executor: 'bullmq';
      /** Not known here: they come and go. */
      readonly workers: undefined;
      readonly queue: QueueSettings;
    };

/** What several workers are called; the name of one is its kind. */
const PLURALS = { process: 'processes', thread: 'threads' } as const;

/** How long tasks elsewhere may take to end, in milliseconds. A worker ends them in one second. */
const END_GRACE = 3_000;

/**
 * @param notify told a line for the user
 * @throws {OptionTypeError} for a URL of Redis or a namespace that is none
 */
export async function openExecutor(
  place: Place,
  notify: (line: string) => void,
): Promise<Executor> {
  switch (place.executor) {
    case 'process':
      return new ProcessPoolExecutor({ maxWorkers: place.workers });
    case 'thread':
      return new ThreadPoolExecutor({ maxWorkers: place.workers });
    case 'serial':
      return new SerialExecutor();
    case 'bullmq': {
      // Takes longer to load than the rest of the program.
      const { openQueue } = await import('./queue.ts');
      return openQueue(place.queue, notify);
    }
  }
}

/** Withdraws what waits and ends what runs, instead of waiting for it. */
export async function endTasks(executor: Executor): Promise<void> {
  if (executor instanceof PoolExecutor) {
    await executor.terminateWorkers();
    return;
  }
  await Promise.race([
    executor.shutdown({ cancelFutures: true, timeout: 0 }),
    setTimeout(END_GRACE, undefined, { ref: false }),
  ]);
}

/** As in `Checking 20 numbers with 2 processes`; of 1 it says "1 processes", as the book. */
export function wherePhrase(place: Place): string {
  switch (place.executor) {
    case 'serial':
      return 'in the main thread';
    case 'bullmq':
      return 'on the workers of a queue';
    default:
      return `with ${String(place.workers)} ${PLURALS[place.executor]}`;
  }
}

/** `2 processes`, `1 thread`. */
export function placeName(place: Place): string {
  switch (place.executor) {
    case 'serial':
      return 'main thread';
    case 'bullmq':
      return 'workers of a queue';
    default: {
      const { executor, workers } = place;
      return `${String(workers)} ${workers === 1 ? executor : PLURALS[executor]}`;
    }
  }
}
