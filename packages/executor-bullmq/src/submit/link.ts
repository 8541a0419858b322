import type { Redis } from 'ioredis';
import { RedisConnectionError } from '../errors.ts';
import {
  connect,
  isRefusal,
  shownUrl,
  type RedisSettings,
} from '../redis/connection.ts';
import { Heartbeat, streamOf } from '../redis/heartbeat.ts';

/**
 * A connection over which nothing comes for so many milliseconds is given up, and made again.
 * More than a wait for replies takes.
 */
const SILENCE = 10_000;

export interface LinkEvents {
  /** Connected, for the first time or again. */
  readonly ready: () => void;
  /** There is no connection, and none is waited for any more. */
  readonly broken: (error: RedisConnectionError) => void;
}

/**
 * The two connections of a submitter: one for commands, and one that waits for replies.
 *
 * | state     | to             | when                                                      |
 * | --------- | -------------- | --------------------------------------------------------- |
 * | connected | disconnected   | the connection for commands is closed or silent           |
 * | disconnected | connected   | it is ready again                                         |
 * | any       | broken         | disconnected for too long, or Redis refuses the user      |
 * | any       | closed         | close()                                                   |
 */
export class Link {
  readonly commands: Redis;
  readonly reader: Redis;
  readonly #shown: string;
  readonly #events: LinkEvents;
  readonly #patience: number;
  readonly #heartbeats: readonly Heartbeat[];
  #patienceTimer: NodeJS.Timeout | undefined;
  #lastError: Error | undefined;
  #isOver = false;
  #isHeld = false;

  /** @param patience milliseconds without a connection until it is broken */
  constructor(
    settings: RedisSettings,
    client: string,
    patience: number,
    events: LinkEvents,
  ) {
    this.#shown = shownUrl(settings.redis);
    this.#events = events;
    this.#patience = patience;
    this.commands = connect(settings, `executor:${client}`);
    this.reader = connect(settings, `executor:${client}:reader`, {
      // A wait for replies that was cut off is begun anew by its loop.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    });
    const silence = Math.min(SILENCE, patience);
    this.#heartbeats = [
      new Heartbeat(this.commands, silence, true),
      new Heartbeat(this.reader, SILENCE, false),
    ];
    for (const redis of [this.commands, this.reader]) {
      redis.on('error', (error: Error) => {
        this.#failed(error);
      });
      redis.on('connect', () => {
        this.#hold(redis);
      });
    }
    this.commands.on('ready', () => {
      clearTimeout(this.#patienceTimer);
      this.#patienceTimer = undefined;
      if (!this.#isOver) this.#events.ready();
    });
    this.commands.on('close', () => {
      this.#waitPatiently();
    });
    this.#waitPatiently();
  }

  /** Whether the event loop is to go on for the sake of the connections. */
  keepAlive(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#hold(this.commands);
    this.#hold(this.reader);
  }

  /** What a command has failed with: the user may not have the right to it. */
  heed(error: unknown): void {
    if (error instanceof Error && isRefusal(error)) this.#failed(error);
  }

  get isConnected(): boolean {
    return !this.#isOver && this.commands.status === 'ready';
  }

  /** Resolves when the connection for commands is lost. */
  disconnected(): Promise<void> {
    return new Promise((resolve) => {
      this.commands.once('close', resolve);
    });
  }

  /** Resolves when both connections are closed: in two seconds, if nobody answers. */
  async close(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#patienceTimer);
    for (const heartbeat of this.#heartbeats) heartbeat.stop();
    await Promise.all([closed(this.reader), closed(this.commands)]);
  }

  #hold(redis: Redis): void {
    const stream = streamOf(redis);
    if (this.#isHeld) stream?.ref();
    else stream?.unref();
  }

  #waitPatiently(): void {
    if (this.#isOver || this.#patienceTimer !== undefined) return;
    this.#patienceTimer = setTimeout(() => {
      this.#break(
        `no connection to ${this.#shown} for ${String(this.#patience)} ms`,
      );
    }, this.#patience);
    this.#patienceTimer.unref();
  }

  #failed(error: Error): void {
    this.#lastError = error;
    if (isRefusal(error))
      this.#break(`${this.#shown} refuses: ${error.message}`);
  }

  #break(message: string): void {
    if (this.#isOver) return;
    void this.close();
    // They would wait for an answer to their end.
    streamOf(this.reader)?.destroy();
    streamOf(this.commands)?.destroy();
    this.#events.broken(
      new RedisConnectionError(
        this.#lastError === undefined ||
          message.includes(this.#lastError.message)
          ? message
          : `${message}; last error: ${this.#lastError.message}`,
        { cause: this.#lastError },
      ),
    );
  }
}

async function closed(redis: Redis): Promise<void> {
  const stream = streamOf(redis);
  redis.disconnect();
  if (stream?.closed !== false) return;
  // Not the event of ioredis: between two attempts to connect it gives none.
  await new Promise((resolve) => stream.once('close', resolve));
}
