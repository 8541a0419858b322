/** How long the jobs of one worker take: a moving average. All times are in milliseconds. */
export class Pace {
  readonly #limit: number;
  #value = Infinity;
  #isSlow = false;
  /** When it got its first job, or its last answers arrived. */
  #since = 0;

  /** @param limit what is longer does not matter */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Infinity before the first job has ended, and while one takes long. */
  get value(): number {
    return this.#isSlow ? Infinity : this.#value;
  }

  /** When so many jobs will have ended since the last answers, by the clock. */
  due(jobs: number): number {
    return this.#since + jobs * this.value;
  }

  /** The worker had nothing to do, and gets a job now. */
  begin(now: number): void {
    this.#since = now;
  }

  /**
   * So many jobs have ended since the last time.
   *
   * @param runTime how long the worker had to do with them, if it has told
   */
  ended(jobs: number, now: number, runTime = now - this.#since): void {
    // Bounded, so that one long job among many short ones is soon forgotten. If every other
    // one is long, the average is about the limit.
    const took = Math.min(runTime / jobs, 2 * this.#limit);
    this.#since = now;
    this.#isSlow = false;
    this.#value =
      this.#value === Infinity ? took : this.#value + (took - this.#value) / 8;
  }

  /** The job that runs takes long, and is not to be waited for. */
  slowDown(): void {
    this.#isSlow = true;
  }
}
