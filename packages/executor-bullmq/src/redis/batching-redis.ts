import { Redis } from 'ioredis';

type Sending = Parameters<Redis['sendCommand']>;

/**
 * A client that writes the commands that are given together as one message: all until the
 * next tick, so those of a chain of promises, too.
 *
 * Automatic pipelining of ioredis does the same, but has one pipeline on its way at a time:
 * the next commands wait until all of the last ones have their answers, and Redis and its
 * client work by turns. Also, ioredis does not send the rest of a pipeline again that was
 * cut off in the middle; single commands it does.
 */
export class BatchingRedis extends Redis {
  /** What is written to it is kept until the next tick. */
  #corked: Redis['stream'] | undefined;

  override sendCommand(...sending: Sending): unknown {
    this.#cork();
    return super.sendCommand(...sending);
  }

  #cork(): void {
    const { stream } = this;
    // ioredis has a new one after each loss; before the first there is none.
    if (stream === this.#corked) return;
    this.#corked = stream;
    stream.cork();
    process.nextTick(() => {
      // What waits for the same tick may give commands that belong to these.
      process.nextTick(() => {
        if (this.#corked === stream) this.#corked = undefined;
        stream.uncork();
      });
    });
  }
}
