/** Milliseconds: a question for another job, and its answer, take less of this thread. */
const DURATION = 2;

/** A time in which a job is the only one that this thread is busy with. */
export class HeadStart {
  /** Resolves at its end: whether the job has ended. */
  readonly over: Promise<boolean>;
  #resolve: (hasEnded: boolean) => void = () => undefined;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(this.#resolve, DURATION, false);
  }

  /** The job has ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#resolve(true);
  }
}
