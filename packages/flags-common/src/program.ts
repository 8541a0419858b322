import type { DownloadTarget } from './download.ts';
import type { Outcome } from './outcome.ts';

/** The downloads of one run of a program. */
export interface DownloadJob {
  readonly codes: readonly string[];
  readonly target: DownloadTarget;
  /** At most so many downloads at once. */
  readonly concurrency: number;
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
   * Downloads the flags and yields their outcomes as they come. When `job.stop`
   * is aborted it ends at once; it may then fail with any error.
   */
  downloadMany(job: DownloadJob): AsyncIterable<Outcome>;
  /**
   * Downloads the flags, showing the future of each, and resolves with their
   * number. A program that has it has the option `--futures`.
   */
  showFutures?(job: DownloadJob): Promise<number>;
}
