import { exchange } from '../exchange/exchange-task.ts';
import type { DownloadItem } from '../list/item.ts';
import { Downloader, type DownloadPlan } from './downloader.ts';
import type { Outcome } from './outcome.ts';

/** Plain data: it may cross to a worker. */
export type DownloadTarget = Pick<DownloadPlan, 'directory' | 'timeout'>;

/**
 * Downloads one thing by the client of this thread: one attempt, whatever earlier
 * runs have brought.
 *
 * @throws {FileWriteError} when nothing can be written
 */
export function downloadOne(
  item: DownloadItem,
  target: DownloadTarget,
): Promise<Outcome> {
  const downloader = new Downloader(
    {
      ...target,
      retries: 0,
      limits: { rate: Infinity, perHost: Infinity },
      resume: false,
      refresh: false,
      known: () => undefined,
      signal: new AbortController().signal,
      onTrace: () => undefined,
    },
    exchange,
  );
  return downloader.download(item);
}
