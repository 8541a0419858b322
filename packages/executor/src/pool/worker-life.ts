import type { WorkerHandle } from './worker-handle.ts';

/** How long a worker without jobs may take to exit by itself, in milliseconds. */
export const CLOSE_GRACE = 5_000;

/**
 * | from             | to      | when                                                     |
 * | ---------------- | ------- | -------------------------------------------------------- |
 * | starting         | ready   | it says that it can run tasks                            |
 * | starting, ready  | closing | close(), terminate(), kill()                             |
 * | ready            | retired | it is to be replaced, or has a task that does not end    |
 * | retired          | closing | its jobs are done; terminate(), kill()                   |
 * | any              | exited  | it has ended, asked to or not                            |
 */
type LifeState = 'starting' | 'ready' | 'retired' | 'closing' | 'exited';

/** Whether a worker gets jobs, whether it keeps the program running, and how it is ended. */
export class WorkerLife {
  readonly #handle: WorkerHandle;
  #state: LifeState = 'starting';
  #wasReady = false;
  #wasForced = false;
  #keepsAlive = true;
  /** Ends it if it does not end when it is asked to, or when it is idle for long. */
  #timer: NodeJS.Timeout | undefined;

  constructor(handle: WorkerHandle) {
    this.#handle = handle;
  }

  /** Whether it takes jobs. */
  get isOpen(): boolean {
    return this.#state === 'starting' || this.#state === 'ready';
  }

  /** Whether it was asked to end and has not done so yet. */
  get isClosing(): boolean {
    return this.#state === 'closing';
  }

  ready(): void {
    this.#wasReady = true;
    if (this.#state === 'starting') this.#state = 'ready';
  }

  /** It gets no more jobs. */
  retire(): void {
    if (this.#state === 'ready') this.#state = 'retired';
  }

  /** It has a job, and keeps the program running. */
  work(): void {
    if (this.#keepsAlive) return; // then there is no timer either
    clearTimeout(this.#timer);
    this.#keepAlive(true);
  }

  /**
   * It has none.
   *
   * @param timeout after how many milliseconds it ends; undefined: it stays
   * @param mayEnd asked then: others that became idle at the same time may have ended
   */
  rest(timeout: number | undefined, mayEnd: () => boolean): void {
    this.#keepAlive(false);
    clearTimeout(this.#timer);
    if (timeout === undefined) return;
    this.#timer = setTimeout(() => {
      if (mayEnd()) this.close();
    }, timeout).unref();
  }

  /** Asks the worker to exit; ends it if it has not done so after a grace period. */
  close(): void {
    if (this.#state === 'closing' || this.#state === 'exited') return;
    this.#state = 'closing';
    this.#keepAlive(true);
    this.#handle.send({ type: 'close' });
    this.#killLater();
  }

  terminate(): void {
    if (!this.#force()) return;
    this.#handle.terminate();
    this.#killLater();
  }

  kill(): void {
    if (this.#force()) this.#handle.kill();
  }

  /** It has ended. Tells what its life was. */
  exited(): {
    /** Whether it could ever run tasks. */
    readonly wasReady: boolean;
    /** Whether it was asked to end, and whether by force. */
    readonly wasAskedTo: boolean;
    readonly wasForced: boolean;
  } {
    const wasAskedTo = this.#state === 'closing';
    this.#state = 'exited';
    clearTimeout(this.#timer);
    return {
      wasReady: this.#wasReady,
      wasAskedTo,
      wasForced: this.#wasForced,
    };
  }

  /** False if it has ended. */
  #force(): boolean {
    if (this.#state === 'exited') return false;
    this.#state = 'closing';
    this.#wasForced = true;
    this.#keepAlive(true);
    return true;
  }

  #keepAlive(keep: boolean): void {
    if (this.#keepsAlive === keep) return;
    this.#keepsAlive = keep;
    this.#handle.keepAlive(keep);
  }

  #killLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.kill();
    }, CLOSE_GRACE);
  }
}
