/**
 * Milliseconds of the monotonic clock of the machine. performance.now() will not do:
 * it begins anew in each thread and process.
 */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** When a run of a task began and ended, as told by who ran it. */
export interface RunTimes {
  readonly startedAt: number;
  readonly endedAt: number;
}
