/**
 * One time limit over everything that a download does. Disposing of it stops the
 * clock, so that no timer outlives the download.
 */
export class Deadline implements Disposable {
  /** In milliseconds. */
  readonly timeout: number;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeout: number) {
    this.timeout = timeout;
    this.#timer = setTimeout(() => {
      this.#controller.abort();
    }, timeout);
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
