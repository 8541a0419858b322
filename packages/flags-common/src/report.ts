import type { Outcome } from './outcome.ts';

/** How many downloads ended in each way. */
export type Tally = Record<Outcome['status'], number>;

/** What a run is about to do: site, codes and connections. */
export function initialReport(run: {
  readonly label: string;
  readonly url: string;
  readonly codes: readonly string[];
  readonly concurrency: number;
}): string {
  const { codes, concurrency } = run;
  const listed =
    codes.length <= 10
      ? codes.join(', ')
      : `from ${String(codes[0])} to ${String(codes.at(-1))}`;
  return [
    `${run.label} site: ${run.url}`,
    `Searching for ${count(codes.length, 'flag')}: ${listed}`,
    concurrency === 1
      ? '1 connection will be used.'
      : `${String(concurrency)} concurrent connections will be used.`,
  ].join('\n');
}

/** What a run has done. Outcomes that did not occur are left out, except the flags. */
export function finalReport(tally: Tally, elapsed: number): string {
  return [
    '-'.repeat(20),
    `${count(tally.OK, 'flag')} downloaded.`,
    ...(tally.NOT_FOUND > 0 ? [`${String(tally.NOT_FOUND)} not found.`] : []),
    ...(tally.ERROR > 0 ? [`${count(tally.ERROR, 'error')}.`] : []),
    `Elapsed time: ${seconds(elapsed)}`,
  ].join('\n');
}

/** The last line of the first three programs of the chapter. */
export function downloadsReport(downloads: number, elapsed: number): string {
  return `${count(downloads, 'download')} in ${seconds(elapsed)}`;
}

/** @param elapsed in milliseconds */
function seconds(elapsed: number): string {
  return `${(elapsed / 1000).toFixed(2)}s`;
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? '' : 's'}`;
}
