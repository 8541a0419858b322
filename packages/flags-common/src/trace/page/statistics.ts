import { type Request, sentAt } from './request.ts';

export interface Statistics {
  readonly requests: number;
  readonly failed: number;
  readonly bytes: number;
  /** From the first start to the last end, in milliseconds. */
  readonly elapsed: number;
  /** Requests in progress at once, those that waited for a connection not counted. */
  readonly peak: number;
  readonly mean: number;
  /** From the start of a request to the first byte of its answer, in milliseconds. */
  readonly firstByte: readonly {
    readonly percentile: number;
    readonly time: number;
  }[];
  /** How many answers had each status; 0 stands for no answer. */
  readonly statuses: readonly (readonly [status: number, count: number])[];
}

const PERCENTILES = [50, 90, 99, 100];

export function statisticsOf(requests: readonly Request[]): Statistics {
  const elapsed = requests.reduce((end, { to }) => Math.max(end, to), 0);
  const active = requests.reduce((sum, r) => sum + r.to - sentAt(r), 0);
  const firstByte = requests
    .filter(({ status }) => status > 0)
    .map(({ from, to, phases }) => to - (phases.receive ?? 0) - from)
    .sort((a, b) => a - b);
  const statuses = new Map<number, number>();
  for (const { status } of requests) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return {
    requests: requests.length,
    failed: requests.filter(({ failed }) => failed).length,
    bytes: requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0),
    elapsed,
    peak: Math.max(0, ...concurrency(requests, elapsed, 1)),
    mean: elapsed === 0 ? 0 : active / elapsed,
    firstByte: PERCENTILES.map((percentile) => ({
      percentile,
      time: nearestRank(firstByte, percentile),
    })),
    statuses: [...statuses].sort(([a], [b]) => a - b),
  };
}

function nearestRank(sorted: readonly number[], percentile: number): number {
  const rank = Math.ceil((percentile / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? NaN;
}

/**
 * The most requests that were in progress at once, for each of `bins` equal parts
 * of the time up to `end`.
 */
export function concurrency(
  requests: readonly Request[],
  end: number,
  bins: number,
): number[] {
  const changes = requests
    .flatMap((request) => [
      { at: sentAt(request), by: 1 },
      { at: request.to, by: -1 },
    ])
    // Where one request makes room for the next, there was only one.
    .sort((a, b) => a.at - b.at || a.by - b.by);
  const peaks = new Array<number>(bins).fill(0);
  const binAt = (time: number): number =>
    end === 0 ? 0 : Math.min(Math.floor((time / end) * bins), bins - 1);
  let level = 0;
  let bin = 0;
  for (const { at, by } of changes) {
    const next = binAt(at);
    // The level stays what it is up to this change.
    for (; bin < next; bin += 1) {
      peaks[bin + 1] = level;
    }
    level += by;
    peaks[bin] = Math.max(peaks[bin] ?? 0, level);
  }
  return peaks;
}
