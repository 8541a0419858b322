/** The real one, also where a test replaces the clock of its program. */
const { hrtime } = process;

/**
 * Milliseconds of the monotonic clock of the machine. performance.now() will not do:
 * it begins anew in each thread and process, and a thread takes a millisecond to load it.
 */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** When a run of a task began and ended, as told by who ran it. */
export interface RunTimes {
  readonly startedAt: number;
  readonly endedAt: number;
}
