import { performance } from 'node:perf_hooks';
import { progress } from '@concurrent-executors/progress';
import { Interruption } from './interruption.ts';
import { type Outcome, outcomeLine, requireOk } from './outcome.ts';
import type { DownloadJob, Program } from './program.ts';
import { downloadsReport, finalReport, type Tally } from './report.ts';

/**
 * Downloads with a progress bar, or with a line for each outcome, and prints what
 * became of them all, also when the run is interrupted.
 */
export async function downloadWithReport(
  program: Program,
  job: DownloadJob,
  verbose: boolean,
): Promise<Tally> {
  const tally: Tally = { OK: 0, NOT_FOUND: 0, ERROR: 0 };
  let firstError: Outcome | undefined;
  const start = performance.now();
  const outcomes = untilInterrupted(program.downloadMany(job), job.stop);
  for await (const outcome of verbose
    ? outcomes
    : progress(outcomes, { total: job.codes.length })) {
    tally[outcome.status] += 1;
    if (verbose) console.log(outcomeLine(outcome));
    else if (outcome.status === 'ERROR') firstError ??= outcome;
  }
  console.log(finalReport(tally, performance.now() - start));
  if (firstError !== undefined) {
    console.error(
      `The first error: ${outcomeLine(firstError)} (-v shows them all)`,
    );
  }
  return tally;
}

/**
 * Downloads as the first programs of the chapter do: each code is printed when
 * its flag is saved, and the first failure is thrown.
 */
export async function showCodes(
  program: Program,
  job: DownloadJob,
): Promise<void> {
  let downloads = 0;
  const start = performance.now();
  try {
    const outcomes = untilInterrupted(program.downloadMany(job), job.stop);
    for await (const outcome of outcomes) {
      // The others must not be waited for.
      if (outcome.status !== 'OK') job.stop.abort();
      requireOk(outcome);
      process.stdout.write(`${outcome.cc} `);
      downloads += 1;
    }
  } finally {
    process.stdout.write('\n');
  }
  console.log(downloadsReport(downloads, performance.now() - start));
}

/** Has the program show its futures, and prints how many downloads that were. */
export async function showFutures(
  program: Program,
  job: DownloadJob,
): Promise<void> {
  const start = performance.now();
  try {
    const downloads = await program.showFutures?.(job);
    console.log(
      `\n${downloadsReport(downloads ?? 0, performance.now() - start)}`,
    );
  } catch (error) {
    if (!(job.stop.signal.reason instanceof Interruption)) throw error;
  }
}

/** After an interruption, what comes from the downloads is only its effect. */
async function* untilInterrupted(
  outcomes: AsyncIterable<Outcome>,
  { signal }: AbortController,
): AsyncGenerator<Outcome, void, undefined> {
  try {
    for await (const outcome of outcomes) {
      if (signal.aborted) return;
      yield outcome;
    }
  } catch (error) {
    if (!(signal.reason instanceof Interruption)) throw error;
  }
}
