import type { DownloadPlan } from './download/downloader.ts';
import type { Outcome } from './download/outcome.ts';
import type { ClientSettings } from './exchange/exchange.ts';
import type { ListEntry } from './list/item.ts';

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

/** What makes each flags program different from the others. */
export interface Program {
  readonly name: string;
  /** Downloads at once without `--max-req`. */
  readonly defaultConcurrency: number;
  /** Downloads at once whatever `--max-req` says. */
  readonly maxConcurrency: number;
  /**
   * Downloads what the job lists and yields the outcomes as they come. When
   * `job.stop` is aborted it ends at once; it may then fail with any error.
   */
  downloadMany(job: DownloadJob): AsyncIterable<Outcome>;
  /**
   * Downloads the flags, showing the future of each, and resolves with their
   * number. A program that has it has the option `--futures`.
   */
  showFutures?(job: DownloadJob): Promise<number>;
}
