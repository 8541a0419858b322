import type { DownloadJob } from './download/job.ts';
import type { Outcome } from './download/outcome.ts';

/** A queue in Redis, whose workers do the exchanges. */
export interface QueueSettings {
  readonly redis: string;
  readonly namespace: string | undefined;
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
   * As `downloadMany`, with the workers of a queue. A program that has it has the option
   * `--executor`.
   */
  downloadByQueue?(
    job: DownloadJob,
    queue: QueueSettings,
  ): AsyncIterable<Outcome>;
  /**
   * Downloads the flags, showing the future of each, and resolves with their
   * number. A program that has it has the option `--futures`.
   */
  showFutures?(job: DownloadJob): Promise<number>;
}
