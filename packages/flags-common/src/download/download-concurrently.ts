import { Channel } from './channel.ts';
import type { Downloader } from './downloader.ts';
import type { DownloadJob } from './job.ts';
import type { Outcome } from './outcome.ts';

/**
 * Downloads what a job lists, and yields outcomes as they come.
 *
 * There are `concurrency` loops, each of which takes an entry of the list when it is
 * done with the one before. So that is the number of downloads at once, and a list of
 * a million URLs takes no more memory than a short one. An AsyncExecutor with a task
 * for each download was refused: with its context, which follows each promise, a
 * download takes a fourth more time under Node.js 20.
 */
export async function* downloadConcurrently(
  downloader: Downloader,
  { entries, concurrency, stop }: DownloadJob,
): AsyncGenerator<Outcome, void, undefined> {
  const source =
    Symbol.asyncIterator in entries
      ? entries[Symbol.asyncIterator]()
      : entries[Symbol.iterator]();
  const outcomes = new Channel<Outcome>(concurrency);

  async function downloadOneByOne(): Promise<void> {
    while (!stop.signal.aborted) {
      const next = await source.next();
      if (next.done === true) return;
      await outcomes.write(await downloader.download(next.value));
    }
  }

  const loops = Array.from({ length: concurrency }, downloadOneByOne);
  Promise.all(loops).then(
    () => {
      outcomes.close();
    },
    (error: unknown) => {
      outcomes.fail(error);
    },
  );
  try {
    yield* outcomes.read();
  } catch (error) {
    // The caller is about to close its executor, which waits for its tasks.
    stop.abort(error);
    throw error;
  } finally {
    await source.return?.();
  }
}
