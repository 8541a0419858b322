import type { DownloadJob } from './download/job.ts';
import type { Outcome } from './download/outcome.ts';

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
