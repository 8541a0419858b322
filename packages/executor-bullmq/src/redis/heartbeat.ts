import type { Redis } from 'ioredis';

/** A connection is looked at so often until it counts as dead. */
const LOOKS = 4;

/**
 * Gives up a connection over which nothing comes any more: one that was cut off without a
 * word looks open for a quarter of an hour, until the system gives it up. ioredis then makes
 * a new one, and sends again what had no answer.
 */
export class Heartbeat {
  readonly #redis: Redis;
  readonly #asks: boolean;
  readonly #silence: number;
  readonly #timer: NodeJS.Timeout;
  /** What the last look has seen: the socket, and how many bytes had come over it. */
  #stream: Redis['stream'] | undefined;
  #bytes = 0;
  /** When something had come since the look before. */
  #heardAt = 0;
  #isAsking = false;

  /**
   * @param silence milliseconds after which a connection counts as dead
   * @param asks whether Redis is to be asked for an answer; else it must have been asked
   *   for one within that time
   */
  constructor(redis: Redis, silence: number, asks: boolean) {
    this.#redis = redis;
    this.#silence = silence;
    this.#asks = asks;
    this.#timer = setInterval(() => {
      this.#look();
    }, silence / LOOKS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const stream = streamOf(this.#redis);
    if (stream === undefined || stream.destroyed) return; // it is made again
    const now = performance.now();
    if (stream !== this.#stream || stream.bytesRead !== this.#bytes) {
      this.#stream = stream;
      this.#bytes = stream.bytesRead;
      this.#heardAt = now;
    } else if (now - this.#heardAt >= this.#silence) {
      // The event loop may have been held up: what has come is read before that.
      setImmediate(() => {
        this.#giveUp(stream);
      });
    }
    if (this.#asks) this.#ask();
  }

  #giveUp(stream: Redis['stream']): void {
    if (stream.destroyed || stream.bytesRead !== this.#bytes) return;
    stream.destroy(new Error(`nothing came for ${String(this.#silence)} ms`));
  }

  #ask(): void {
    if (this.#isAsking || this.#redis.status !== 'ready') return;
    this.#isAsking = true;
    const answered = (): void => {
      this.#isAsking = false;
    };
    this.#redis.ping().then(answered, answered);
  }
}

/** Undefined before it connects, of which its type does not tell. */
export function streamOf(redis: Redis): Redis['stream'] | undefined {
  const { stream }: { stream?: Redis['stream'] } = redis;
  return stream;
}
