import {
  asCompleted,
  ThreadPoolExecutor,
  type Future,
} from '@concurrent-executors/executor';
import {
  openClient,
  type DownloadJob,
} from '@concurrent-executors/flags-common';
import { inspect } from 'node:util';
import { downloadAndPrint } from './download-and-print.ts';

/** Fewer than the downloads, so that some futures are still pending when shown. */
const WORKERS = 3;

/** Prints each future when its download is scheduled and when it is done. */
export async function showFutures({
  client,
  entries,
  plan: { directory, timeout },
  stop,
}: DownloadJob): Promise<number> {
  await using executor = new ThreadPoolExecutor({
    maxWorkers: WORKERS,
    initializer: openClient,
    initArgs: [client],
  });
  stop.signal.addEventListener('abort', () => {
    void executor.terminateWorkers();
  });
  const futures: Future<string>[] = [];
  for await (const flag of entries) {
    if ('problem' in flag) continue;
    const target = { directory, timeout };
    const future = executor.submit(downloadAndPrint, flag, target);
    futures.push(future);
    console.log(`Scheduled for ${flag.label}: ${inspect(future)}`);
  }
  try {
    for await (const future of asCompleted(futures)) {
      const result = await future.result();
      console.log(`${inspect(future)} result: ${inspect(result)}`);
    }
  } catch (error) {
    // The executor is about to be closed, and would wait for its tasks.
    stop.abort(error);
    throw error;
  }
  return futures.length;
}
