import {
  asCompleted,
  type CompletedFuture,
  type Executor,
  type Future,
} from '@concurrent-executors/executor';
import { downloadOne } from './download.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { DownloadJob } from './program.ts';

/**
 * Downloads with any executor; yields outcomes as they come.
 *
 * `asCompleted` pulls from `submitted` only while fewer than `concurrency`
 * downloads are under way, so that is the exact number of connections whatever
 * the executor could run, and a long list of codes costs no memory.
 */
export async function* downloadConcurrently(
  executor: Executor,
  { codes, target, concurrency, stop }: DownloadJob,
): AsyncGenerator<Outcome, void, undefined> {
  const codeOf = new Map<CompletedFuture<Outcome>, string>();

  function* submitted(): Generator<Future<Outcome>, void, undefined> {
    for (const cc of codes) {
      if (stop.signal.aborted) return;
      const future = executor.submit(downloadOne, cc, target);
      codeOf.set(future, cc);
      yield future;
    }
  }

  try {
    const completed = asCompleted(submitted(), { bufferSize: concurrency });
    for await (const future of completed) {
      const cc = String(codeOf.get(future));
      codeOf.delete(future);
      yield await outcomeOf(cc, future.result());
    }
  } catch (error) {
    // The caller is about to close the executor, which waits for its tasks.
    stop.abort(error);
    throw error;
  }
}
