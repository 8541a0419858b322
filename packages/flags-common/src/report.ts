import type { Outcome, Tally } from './download/outcome.ts';

/** A tally of nothing. */
export function emptyTally(): Tally {
  return { OK: 0, UNCHANGED: 0, PRESENT: 0, NOT_FOUND: 0, ERROR: 0 };
}

/** What a run is about to do: site, codes and connections. */
export function flagsReport(run: {
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
    connections(concurrency),
  ].join('\n');
}

/** The same for a list of URLs, whose length is not known yet. */
export function listReport(run: {
  readonly file: string;
  readonly directory: string;
  readonly concurrency: number;
}): string {
  return [
    `List: ${run.file === '-' ? 'standard input' : run.file}`,
    `Folder: ${run.directory}`,
    connections(run.concurrency),
  ].join('\n');
}

/** What a run has done. Outcomes that did not occur are left out, except the first. */
export function finalReport(
  tally: Tally,
  noun: 'flag' | 'file',
  elapsed: number,
): string {
  const lines: [Outcome['status'], string][] = [
    ['UNCHANGED', `${String(tally.UNCHANGED)} unchanged.`],
    ['PRESENT', `${String(tally.PRESENT)} already there.`],
    ['NOT_FOUND', `${String(tally.NOT_FOUND)} not found.`],
    ['ERROR', `${count(tally.ERROR, 'error')}.`],
  ];
  return [
    '-'.repeat(20),
    `${count(tally.OK, noun)} downloaded.`,
    ...lines.flatMap(([status, line]) => (tally[status] > 0 ? [line] : [])),
    `Elapsed time: ${seconds(elapsed)}`,
  ].join('\n');
}

/** The last line of the first three programs of the chapter. */
export function downloadsReport(downloads: number, elapsed: number): string {
  return `${count(downloads, 'download')} in ${seconds(elapsed)}`;
}

function connections(concurrency: number): string {
  return concurrency === 1
    ? '1 connection will be used.'
    : `${String(concurrency)} concurrent connections will be used.`;
}

/** @param elapsed in milliseconds */
function seconds(elapsed: number): string {
  return `${(elapsed / 1000).toFixed(2)}s`;
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? '' : 's'}`;
}
