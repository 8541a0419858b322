import { performance } from 'node:perf_hooks';
import type { Settings } from './cli/command-line.ts';
import type { DownloadJob } from './download/job.ts';
import {
  isFound,
  type Outcome,
  outcomeLine,
  requireFound,
  type Tally,
} from './download/outcome.ts';
import { Interruption } from './interruption.ts';
import { countUrls } from './list/url-list.ts';
import type { Program } from './program.ts';
import { downloadsReport, emptyTally, finalReport } from './report.ts';

/** A run whose downloads are to be shown. */
export interface Run {
  readonly program: Program;
  readonly settings: Settings;
  readonly job: DownloadJob;
  /** Told of each outcome, to keep it. */
  readonly record: (outcome: Outcome) => void;
}

/**
 * Downloads with a progress bar, or with a line for each outcome, and prints what
 * became of them all, also when the run is interrupted.
 */
export async function downloadWithReport(run: Run): Promise<Tally> {
  const { settings, record } = run;
  const tally = emptyTally();
  const start = performance.now();
  let firstError: Outcome | undefined;
  for await (const outcome of shown(run, tally)) {
    tally[outcome.status] += 1;
    record(outcome);
    if (settings.log) console.log(JSON.stringify(outcome));
    if (outcome.status === 'ERROR') firstError ??= outcome;
  }
  if (settings.progress === 'codes') say(settings)('');
  const noun = settings.source.kind === 'flags' ? 'flag' : 'file';
  say(settings)(finalReport(tally, noun, performance.now() - start));
  if (firstError !== undefined && settings.progress !== 'lines') {
    console.error(
      `The first error: ${outcomeLine(firstError, noun === 'file')} (-v shows them all)`,
    );
  }
  return tally;
}

/** Where reports go: standard output, unless that is for the log. */
export function say({ log }: Settings): (text: string) => void {
  return log ? console.error : console.log;
}

/** The outcomes of a run, from where its options say. */
function downloads({ program, settings, job }: Run): AsyncIterable<Outcome> {
  const { queue } = settings;
  return queue === undefined
    ? program.downloadMany(job)
    : (program.downloadByQueue?.(job, queue) ?? program.downloadMany(job));
}

/** The outcomes of a run, shown as they pass in the way that was asked for. */
async function* shown(
  run: Run,
  tally: Readonly<Tally>,
): AsyncGenerator<Outcome, void, undefined> {
  const { settings, job } = run;
  const outcomes = untilInterrupted(downloads(run), job.stop);
  switch (settings.progress) {
    case 'none':
      yield* outcomes;
      return;
    case 'lines':
      for await (const outcome of outcomes) {
        say(settings)(outcomeLine(outcome, settings.source.kind === 'list'));
        yield outcome;
      }
      return;
    case 'codes': {
      const stream = settings.log ? process.stderr : process.stdout;
      for await (const outcome of outcomes) {
        if (isFound(outcome)) stream.write(`${outcome.label} `);
        yield outcome;
      }
      return;
    }
    case 'bar': {
      const { source } = settings;
      // Loaded only here: it takes as long as fifty downloads.
      const { progress } = await import('@concurrent-executors/progress');
      const bars = progress(outcomes, {
        total: source.kind === 'flags' ? source.codes.length : undefined,
      });
      if (source.kind === 'list') {
        // Only the bar wants it; a file that cannot be read is told of elsewhere.
        countUrls(source.file).then(
          (total) => {
            if (total !== undefined)
              bars.bar.total = Math.min(total, source.limit);
          },
          () => undefined,
        );
      }
      for await (const outcome of bars) {
        yield outcome;
        if (tally.ERROR > 0) bars.bar.postfix = `${String(tally.ERROR)} failed`;
      }
    }
  }
}

/**
 * Downloads as the first programs of the chapter do: each code is printed when
 * its flag is saved, and the first failure is thrown.
 */
export async function showCodes(run: Run): Promise<void> {
  const { job, record } = run;
  let count = 0;
  const start = performance.now();
  try {
    const outcomes = untilInterrupted(downloads(run), job.stop);
    for await (const outcome of outcomes) {
      record(outcome);
      // The others must not be waited for.
      if (!isFound(outcome)) job.stop.abort();
      requireFound(outcome);
      process.stdout.write(`${outcome.label} `);
      count += 1;
    }
  } finally {
    process.stdout.write('\n');
  }
  console.log(downloadsReport(count, performance.now() - start));
}

/** Has the program show its futures, and prints how many downloads that were. */
export async function showFutures({ program, job }: Run): Promise<void> {
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
