import type { Observation } from '@concurrent-executors/pool-view';
import { noBar, openBar, type Bar } from './bar.ts';
import { checkAll } from './check-all.ts';
import type { CheckResult } from './check.ts';
import type { Settings } from './command-line.ts';
import { endTasks, openExecutor, placeName } from './executors.ts';
import type { Run, Totals } from './format.ts';
import { aborted } from './interruption.ts';
import { jsonFormat } from './json-format.ts';
import { held, type Numbers } from './numbers.ts';
import { textFormat } from './text-format.ts';

/**
 * One run of the program: checks the numbers and writes the results to standard output,
 * observed as the options say.
 *
 * @param stop ends it early; it then fails with the reason
 * @throws {InputError} for a file that cannot be read or has what is no number
 */
export async function run(
  settings: Settings,
  stop: AbortSignal,
): Promise<void> {
  const numbers = await settings.openNumbers();
  const observation = await observed(settings);
  try {
    await report(
      settings.speedUp ? await held(numbers) : numbers,
      settings,
      stop,
    );
  } finally {
    // Also of a run that has failed: that is when one wants to look.
    observation?.close();
  }
}

/** Undefined when nothing was asked for. */
async function observed(settings: Settings): Promise<Observation | undefined> {
  const { trace, timeline, live } = settings;
  if (trace === undefined && timeline === undefined && live !== true) return;
  // Takes longer to load than the rest of the program.
  const { observe } = await import('@concurrent-executors/pool-view');
  return observe(settings, { title: 'proc-pool' });
}

async function report(
  numbers: Numbers,
  settings: Settings,
  stop: AbortSignal,
): Promise<void> {
  const format = settings.json ? jsonFormat : textFormat;
  const about: Run = { ...settings, numbers: numbers.description };

  const totals = await checked(numbers, settings, stop, {
    header: format.header(about),
    result: (result) => format.result(result),
  });
  noBar.print(format.total(totals, about));
  const { place, speedUp } = settings;
  if (!speedUp || place.executor === 'bullmq') return;

  // After the run, so that the results need not wait for it.
  const { seconds: secondsWithOne } = await checked(
    numbers,
    { ...settings, place: { ...place, workers: 1 } },
    stop,
  );
  const comparison = { seconds: totals.seconds, secondsWithOne };
  noBar.print(format.comparison(comparison, about));
}

/** The lines that are printed while numbers are checked. */
interface Lines {
  readonly header: string | undefined;
  readonly result: (result: CheckResult) => string;
}

/**
 * Checks the numbers once, with workers of its own.
 *
 * @param lines without them nothing is printed
 */
async function checked(
  { count, values }: Numbers,
  settings: Settings,
  stop: AbortSignal,
  lines?: Lines,
): Promise<Totals> {
  let bar: Bar = noBar;
  const executor = await openExecutor(settings.place, (line) => {
    bar.notify(line);
  });
  try {
    if (lines?.header !== undefined) noBar.print(lines.header);
    using shown = settings.progress
      ? await openBar({ total: count, description: placeName(settings.place) })
      : noBar;
    bar = shown;
    const totals = { numbers: 0, primes: 0 };
    const started = performance.now();
    const checks = checkAll(executor, values, {
      ...settings,
      onResult(result) {
        totals.numbers += 1;
        if (result.prime) totals.primes += 1;
        if (lines !== undefined) bar.print(lines.result(result));
        bar.update();
      },
    });
    await Promise.race([checks, aborted(stop)]);
    const seconds = (performance.now() - started) / 1000;
    await executor.shutdown();
    return { ...totals, seconds };
  } catch (error) {
    await endTasks(executor);
    throw error;
  }
}
