import { setTimeout as sleep } from 'node:timers/promises';

export interface GateLimits {
  /** Requests a second; Infinity is no limit. */
  readonly rate: number;
  /** Requests at once to one host; Infinity is no limit. */
  readonly perHost: number;
}

/** Tells the time and waits, in milliseconds; another one is for tests. */
export interface GateClock {
  now(): number;
  sleep(duration: number, signal: AbortSignal): Promise<void>;
}

const realClock: GateClock = {
  now: () => performance.now(),
  sleep: (duration, signal) => sleep(duration, undefined, { signal }),
};

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

interface Host {
  running: number;
  readonly waiting: Waiter[];
}

/**
 * All requests of a run pass here, wherever they are made: those that repeat and
 * those that follow a redirect, too. So the limits hold over all workers.
 *
 * Requests are spread evenly over each second. A bucket of tokens was refused: it
 * lets a burst through after every pause.
 */
export class Gate {
  readonly #limits: GateLimits;
  readonly #signal: AbortSignal;
  readonly #clock: GateClock;
  /** Hosts with requests, if their number is limited. */
  readonly #hosts = new Map<string, Host>();
  /** When each host that asked for a pause may be asked again, as the clock tells it. */
  readonly #pauses = new Map<string, number>();
  #nextStart = 0;

  constructor(limits: GateLimits, signal: AbortSignal, clock = realClock) {
    this.#limits = limits;
    this.#signal = signal;
    this.#clock = clock;
    signal.addEventListener('abort', () => {
      for (const { waiting } of this.#hosts.values()) {
        for (const waiter of waiting.splice(0)) waiter.reject(signal.reason);
      }
    });
  }

  /**
   * Makes a request to `host` when that is allowed.
   *
   * @throws when the signal is aborted before
   */
  async pass<T>(host: string, request: () => PromiseLike<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const entry =
      this.#limits.perHost === Infinity ? undefined : await this.#enter(host);
    try {
      if (this.#pauses.size > 0) await this.#endOfPause(host);
      if (this.#limits.rate !== Infinity) await this.#turn();
      return await request();
    } finally {
      if (entry !== undefined) this.#leave(host, entry);
    }
  }

  /** No request goes to `host` for so many milliseconds. */
  pause(host: string, duration: number): void {
    const until = this.#clock.now() + duration;
    this.#pauses.set(host, Math.max(this.#pauses.get(host) ?? 0, until));
  }

  async #enter(host: string): Promise<Host> {
    let entry = this.#hosts.get(host);
    if (entry === undefined) {
      entry = { running: 0, waiting: [] };
      this.#hosts.set(host, entry);
    }
    if (entry.running < this.#limits.perHost) {
      entry.running += 1;
      return entry;
    }
    const { waiting } = entry;
    // Whoever leaves hands its place over: `running` stays as it is.
    await new Promise<void>((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
    return entry;
  }

  #leave(host: string, entry: Host): void {
    const next = entry.waiting.shift();
    if (next !== undefined) {
      next.resolve();
      return;
    }
    entry.running -= 1;
    if (entry.running === 0) this.#hosts.delete(host);
  }

  /** Another request may prolong the pause meanwhile. */
  async #endOfPause(host: string): Promise<void> {
    for (;;) {
      const until = this.#pauses.get(host);
      if (until === undefined) return;
      const left = until - this.#clock.now();
      if (left <= 0) {
        this.#pauses.delete(host);
        return;
      }
      await this.#clock.sleep(left, this.#signal);
    }
  }

  async #turn(): Promise<void> {
    const now = this.#clock.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + 1000 / this.#limits.rate;
    if (start > now) await this.#clock.sleep(start - now, this.#signal);
  }
}
