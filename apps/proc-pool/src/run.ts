import type { Observation } from '@concurrent-executors/pool-view';
import { noBar, openBar } from './bar.ts';
import { checkAll } from './check-all.ts';
import type { CheckResult } from './check.ts';
import type { Settings } from './command-line.ts';
import { openExecutor, PLURALS } from './executors.ts';
import type { Run, Totals } from './format.ts';
import { jsonFormat } from './json-format.ts';
import { held, type Numbers } from './numbers.ts';
import { textFormat } from './text-format.ts';

/**
 * One run of the program: checks the numbers and writes the results to standard output,
 * observed as the options say.
 *
 * @throws {InputError} for a file that cannot be read or has what is no number
 */
export async function run(settings: Settings): Promise<void> {
  const numbers = await settings.openNumbers();
  const observation = await observed(settings);
  try {
    await report(settings.speedUp ? await held(numbers) : numbers, settings);
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

async function report(numbers: Numbers, settings: Settings): Promise<void> {
  const format = settings.json ? jsonFormat : textFormat;
  const about: Run = { ...settings, numbers: numbers.description };

  const header = format.header(about);
  if (header !== undefined) noBar.print(header);
  const totals = await checked(numbers, settings, (result) =>
    format.result(result),
  );
  noBar.print(format.total(totals, about));
  if (!settings.speedUp) return;

  // After the run, so that the results need not wait for it.
  const { seconds: secondsWithOne } = await checked(numbers, {
    ...settings,
    workers: 1,
  });
  const comparison = { seconds: totals.seconds, secondsWithOne };
  noBar.print(format.comparison(comparison, about));
}

/**
 * Checks the numbers once, with workers of its own.
 *
 * @param format the line of a result; without it, results are not printed
 */
async function checked(
  { count, values }: Numbers,
  settings: Settings,
  format?: (result: CheckResult) => string,
): Promise<Totals> {
  await using executor = openExecutor(settings.executor, settings.workers);
  using bar = settings.progress
    ? await openBar({ total: count, description: describe(settings) })
    : noBar;
  const totals = { numbers: 0, primes: 0 };
  const started = performance.now();
  await checkAll(executor, values, {
    ...settings,
    onResult(result) {
      totals.numbers += 1;
      if (result.prime) totals.primes += 1;
      if (format !== undefined) bar.print(format(result));
      bar.update();
    },
  });
  return { ...totals, seconds: (performance.now() - started) / 1000 };
}

function describe({ executor, workers }: Settings): string {
  if (executor === 'serial') return 'main thread';
  return `${String(workers)} ${workers === 1 ? executor : PLURALS[executor]}`;
}
