/** Milliseconds: a question for another job, and its answer, take less of this thread. */
const DURATION = 2;

/** A time in which a job is the only one that this thread is busy with. */
export class HeadStart {
  /** Resolves at its end: whether the job has ended by then, as the last one of the queue. */
  readonly over: Promise<boolean>;
  #resolve: (wasLast: boolean) => void = () => undefined;
  readonly #timer: NodeJS.Timeout;
  #hasAsked = false;

  constructor() {
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(this.#resolve, DURATION, false);
  }

  /** Redis is asked for the next job when it is told that this one has ended. */
  asks(): void {
    this.#hasAsked = true;
  }

  /** The job has ended. @param isEmpty whether no other one was given for it */
  end(isEmpty: boolean): void {
    clearTimeout(this.#timer);
    this.#resolve(this.#hasAsked && isEmpty);
  }
}
