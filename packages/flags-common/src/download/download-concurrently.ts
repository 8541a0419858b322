import {
  asCompleted,
  type AsyncExecutor,
  type Future,
} from '@concurrent-executors/executor';
import type { DownloadJob } from '../program.ts';
import type { Downloader } from './downloader.ts';
import type { Outcome } from './outcome.ts';

/**
 * Downloads what a job lists, and yields outcomes as they come.
 *
 * `asCompleted` pulls from `downloads` only while fewer than `concurrency` of them
 * are under way, so that is the number of downloads at once, and a list of a million
 * URLs takes no more memory than a short one.
 *
 * @param executor runs what is decided about a download, which is done here, wherever
 *   its exchanges are done
 */
export async function* downloadConcurrently(
  executor: AsyncExecutor,
  downloader: Downloader,
  { entries, concurrency, stop }: DownloadJob,
): AsyncGenerator<Outcome, void, undefined> {
  const source = entries[Symbol.asyncIterator]();
  let exhausted = false;

  // The list is pulled inside of the task: asCompleted takes no async source, whose
  // futures would be awaited. The last tasks may find nothing any more.
  async function downloadNext(): Promise<Outcome | undefined> {
    const next = await source.next();
    if (next.done !== true) return await downloader.download(next.value);
    exhausted = true;
    return undefined;
  }

  function* downloads(): Generator<
    Future<Outcome | undefined>,
    void,
    undefined
  > {
    while (!exhausted && !stop.signal.aborted) {
      yield executor.submit(downloadNext);
    }
  }

  try {
    const completed = asCompleted(downloads(), { bufferSize: concurrency });
    for await (const future of completed) {
      const outcome = await future.result();
      if (outcome !== undefined) yield outcome;
    }
  } catch (error) {
    // The caller is about to close the executor, which waits for its tasks.
    stop.abort(error);
    throw error;
  } finally {
    await source.return?.();
  }
}
