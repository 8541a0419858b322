/**
 * Milliseconds of the monotonic clock of the machine. performance.now() will not do:
 * it begins anew in each thread and process.
 */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/**
 * Milliseconds of performance.now(), also where the tests of a program have replaced that:
 * for what the executor measures and waits for by itself.
 */
export const ownNow = performance.now.bind(performance);

/** When a run of a task began and ended, as told by who ran it. */
export interface RunTimes {
  readonly startedAt: number;
  readonly endedAt: number;
}
