import type { ClientSettings } from '../exchange/exchange.ts';
import type { ListEntry } from '../list/item.ts';
import type { DownloadPlan } from './downloader.ts';

/** The downloads of one run of a program. */
export interface DownloadJob {
  /** What to download; pulled as it is needed. */
  readonly entries: Iterable<ListEntry> | AsyncIterable<ListEntry>;
  /** At most so many downloads at once. */
  readonly concurrency: number;
  readonly plan: DownloadPlan;
  /** For the client of each thread, with `connections` for all of them together. */
  readonly client: ClientSettings;
  /** Aborted when the run ends early; then nothing in flight is worth waiting for. */
  readonly stop: AbortController;
}
