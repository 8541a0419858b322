import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Of the tasks that an executor has run so far, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const NANOSECONDS = 1e6; // in a millisecond
/** A histogram counts from 1. */
const LEAST = 1;

/**
 * How long something took, in a histogram of a fixed size: about two digits are exact,
 * however many values there are.
 */
export class Latency {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 2 });

  record(milliseconds: number): void {
    this.#histogram.record(
      Math.max(LEAST, Math.round(milliseconds * NANOSECONDS)),
    );
  }

  summary(): LatencySummary {
    const histogram = this.#histogram;
    const { count } = histogram;
    const inMilliseconds = (value: number): number =>
      count === 0 ? 0 : value / NANOSECONDS;
    return {
      count,
      mean: inMilliseconds(histogram.mean),
      p50: inMilliseconds(histogram.percentile(50)),
      p90: inMilliseconds(histogram.percentile(90)),
      p99: inMilliseconds(histogram.percentile(99)),
      max: inMilliseconds(histogram.max),
    };
  }
}
