import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BullMQExecutor,
  shownUrl,
} from '@concurrent-executors/executor-bullmq';

/** The queue in Redis whose workers run the checks. */
export interface QueueSettings {
  readonly redis: string;
  readonly namespace: string | undefined;
}

/** Milliseconds without Redis after which the program gives up: somebody is waiting for it. */
const DISCONNECT_TIMEOUT = 10_000;

/**
 * @param notify told a line if no worker serves the queue
 * @throws {OptionTypeError} for a URL or a namespace that is none
 */
export function openQueue(
  { redis, namespace }: QueueSettings,
  notify: (line: string) => void,
): BullMQExecutor {
  return new BullMQExecutor({
    redis,
    ...(namespace === undefined ? {} : { namespace }),
    disconnectTimeout: DISCONNECT_TIMEOUT,
    onUnserved() {
      const module = fileURLToPath(new URL('check.js', import.meta.url));
      const worker = [
        `executor-worker --redis ${shownUrl(redis)}`,
        ...(namespace === undefined ? [] : [`--namespace ${namespace}`]),
        `--modules ${relative(process.cwd(), module)}`,
      ];
      notify(
        `proc-pool: no worker serves the queue, and the checks wait; start one: ${worker.join(' ')}`,
      );
    },
  });
}
