import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { decodeThrownBody } from '@concurrent-executors/executor/backend';
import { REPLY_TTL } from '../wire/limits.ts';
import { openingFields, readReply, type Reply } from '../wire/reply.ts';
import type { Signer } from '../wire/signer.ts';
import type { Link } from './link.ts';

/** Entries that are read at once. */
const COUNT = 1_000;

/** Milliseconds that Redis waits for an entry. The loop then looks whether it is to end. */
const BLOCK = 5_000;

/** What was read is removed after so many entries, and when there is nothing more to read. */
const TRIM = 5_000;

/** After an error, milliseconds until it is tried again. */
const PAUSE = 50;

/** The stream in which workers tell of the tasks of this submitter. */
export class Replies {
  readonly #commands: Redis;
  readonly #reader: Redis;
  readonly #key: string;
  readonly #signer: Signer;
  readonly #receive: (reply: Reply) => void;
  readonly #failed: (error: unknown) => void;
  #lastId: Buffer | string = '0-0';
  #untrimmed = 0;
  #isOver = false;
  #isOpen = (): void => undefined;
  readonly #opened = new Promise<void>((resolve) => {
    this.#isOpen = resolve;
  });
  #hasWarned = false;

  constructor(
    link: Link,
    key: string,
    signer: Signer,
    receive: (reply: Reply) => void,
  ) {
    this.#commands = link.commands;
    this.#reader = link.reader;
    this.#failed = (error) => {
      link.heed(error);
    };
    this.#key = key;
    this.#signer = signer;
    this.#receive = receive;
  }

  /** Resolves when the stream was made. A task that is sent before may end unheard. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /**
   * Makes the stream, if it is not there. Workers write only to a stream that exists: one
   * of a submitter that has gone is not to come back without an end.
   */
  open(): void {
    this.#commands
      .xadd(this.#key, ...['*', ...openingFields()])
      .catch(this.#failed)
      .finally(this.#isOpen);
    this.keep();
  }

  /** Keeps the stream for a while, and makes it again if it is gone. */
  keep(): void {
    this.#commands.expire(this.#key, REPLY_TTL).then((exists) => {
      if (exists === 0 && !this.#isOver) this.open();
    }, this.#failed);
  }

  /** Ends with close(). */
  async read(): Promise<void> {
    while (!this.#isOver) await this.#readOnce();
  }

  /** Removes the stream. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#commands.unlink(this.#key).catch(() => undefined);
  }

  /** No more is read, and the stream is left to its end. */
  abandon(): void {
    this.#isOver = true;
  }

  async #readOnce(): Promise<void> {
    try {
      const streams = await this.#reader.xreadBuffer(
        'COUNT',
        COUNT,
        'BLOCK',
        BLOCK,
        'STREAMS',
        this.#key,
        this.#lastId,
      );
      const entries = streams?.[0]?.[1] ?? [];
      for (const [id, fields] of entries) {
        this.#lastId = id;
        this.#take(fields);
      }
      this.#trim(entries.length);
    } catch (error) {
      if (this.#isOver) return; // what waits here would keep the executor in memory
      // Connected anew, or it may not read.
      this.#failed(error);
      await setTimeout(PAUSE, undefined, { ref: false });
    }
  }

  #take(fields: readonly Buffer[]): void {
    const reply = readReply(this.#signer, fields);
    if (reply === 'opened') return;
    if (reply !== undefined) {
      this.#receive(reply);
      return;
    }
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      'a reply was ignored: it was not signed with the HMAC key of this executor; this is said once',
      'MessageRefusedWarning',
    );
  }

  #trim(count: number): void {
    this.#untrimmed += count;
    if (this.#untrimmed < TRIM && (count > 0 || this.#untrimmed === 0)) return;
    this.#untrimmed = 0;
    this.#commands
      .xtrim(this.#key, 'MINID', this.#lastId)
      .catch(() => undefined);
  }
}

/** What a report of progress, or a value of a stream, carries. */
export function valueIn({ body }: Reply): unknown {
  return body === undefined ? undefined : decodeThrownBody({ bytes: body });
}
