import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ExecutorError, OptionTypeError } from '@concurrent-executors/executor';
import {
  BullMQExecutor,
  shownUrl,
} from '@concurrent-executors/executor-bullmq';
import {
  downloadConcurrently,
  Downloader,
  QueueError,
  queuedExchange,
  queuedExchangeModule,
  UsageError,
  type DownloadJob,
  type ExchangeRequest,
  type ExchangeResult,
  type Outcome,
  type QueueSettings,
} from '@concurrent-executors/flags-common';

/** Milliseconds without Redis after which the program gives up: somebody is waiting for it. */
const DISCONNECT_TIMEOUT = 10_000;

/** How long tasks elsewhere may take to end after an interruption, in milliseconds. */
const END_GRACE = 3_000;

/** Downloads with the workers of a queue, which save the files themselves. */
export async function* downloadByQueue(
  job: DownloadJob,
  queue: QueueSettings,
): AsyncGenerator<Outcome, void, undefined> {
  const executor = openQueue(job, queue);
  // A worker does one exchange at a time in each of its threads.
  const settings = { ...job.client, connections: 1 };
  const downloader = new Downloader(job.plan, async (request) => {
    const result = await executor.submit(queuedExchange, settings, request);
    requireHere(request, result);
    return result;
  });
  try {
    yield* downloadConcurrently(downloader, job);
  } catch (error) {
    throw error instanceof ExecutorError
      ? new QueueError(error.message, { cause: error })
      : error;
  } finally {
    await end(executor, job.stop.signal);
  }
}

/** When the run is stopped, what waits is withdrawn and what runs is ended. */
function openQueue(
  { stop }: DownloadJob,
  { redis, namespace }: QueueSettings,
): BullMQExecutor {
  try {
    return new BullMQExecutor({
      redis,
      ...(namespace === undefined ? {} : { namespace }),
      disconnectTimeout: DISCONNECT_TIMEOUT,
      signal: stop.signal,
      onUnserved() {
        const worker = [
          `executor-worker --redis ${shownUrl(redis)}`,
          ...(namespace === undefined ? [] : [`--namespace ${namespace}`]),
          `--modules ${relative(process.cwd(), queuedExchangeModule)}`,
        ];
        console.error(
          `flags-threadpool: no worker serves the queue, and the downloads wait; start one: ${worker.join(' ')}`,
        );
      },
    });
  } catch (error) {
    if (error instanceof OptionTypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** A worker on another machine may have a folder of the same name. */
function requireHere({ path }: ExchangeRequest, result: ExchangeResult): void {
  if (result.kind !== 'saved' || path === undefined) return;
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.size === result.bytes) return;
  throw new QueueError(
    `a worker has saved ${path}, but it is not there: workers must see the folder of --output under the same path`,
  );
}

async function end(executor: BullMQExecutor, stop: AbortSignal): Promise<void> {
  const closed = executor.shutdown();
  if (!stop.aborted) {
    await closed;
    return;
  }
  await Promise.race([
    closed,
    setTimeout(END_GRACE, undefined, { ref: false }),
  ]);
}
