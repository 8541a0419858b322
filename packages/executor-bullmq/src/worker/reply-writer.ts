import type { Redis } from 'ioredis';
import type { Names } from '../wire/names.ts';
import { FinishedReplies } from './finished-replies.ts';
import { replyFields, type Report, type RunInfo } from '../wire/reply.ts';
import type { Signer } from '../wire/signer.ts';

/**
 * Milliseconds until a start is told of. Most tasks have ended by then, and their end tells
 * of both.
 */
const START_DELAY = 10;

/** A start that was not told of. */
interface Start {
  readonly to: Addressee;
  readonly run: () => RunInfo;
  /** A job can be here before a thread is free for it. */
  readonly hasBegun: () => boolean;
}

/** Whom to tell of a job. */
export interface Addressee {
  readonly id: string;
  readonly replyTo: string;
}

/** Tells submitters of their tasks. */
export class ReplyWriter {
  readonly #redis: Redis;
  readonly #finished: FinishedReplies;
  readonly #signer: Signer;
  readonly #streams: string;
  readonly #started = new Map<string, Start>();
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, names: Names, signer: Signer) {
    this.#redis = redis;
    this.#finished = new FinishedReplies(redis);
    this.#signer = signer;
    this.#streams = names.reply('');
  }

  /**
   * @param run asked when the start is told of
   * @param hasBegun asked until it says so, or the job ends
   */
  started(to: Addressee, run: () => RunInfo, hasBegun: () => boolean): void {
    this.#started.set(to.id, { to, run, hasBegun });
    this.#timer ??= setInterval(() => {
      this.#tellStarts();
    }, START_DELAY);
  }

  /** Something of a running task; its start is told before. */
  tell(to: Addressee, report: Report, body: Uint8Array): void {
    const start = this.#started.get(to.id);
    if (start !== undefined) this.#tellStart(start);
    void this.#write(to, report, body);
  }

  /** The run is over: what is told next is its end. */
  ran(id: string): void {
    this.#started.delete(id);
  }

  /** Resolves when it is written, or cannot be. */
  async ended(
    to: Addressee,
    report: Report,
    body: Uint8Array | undefined,
  ): Promise<void> {
    await this.#write(to, report, body);
  }

  /**
   * The same, if by then its record says so. Sent right behind what writes the record, it
   * saves the way to Redis and back between the two.
   *
   * @param record the key of the record
   * @returns whether that was so
   */
  endedIfFinished(
    to: Addressee,
    record: string,
    report: Report,
    body: Uint8Array | undefined,
  ): Promise<boolean> {
    if (!this.#mayWrite(to)) return Promise.resolve(true);
    const fields = replyFields(this.#signer, to.id, report, body);
    return this.#finished.write(to.replyTo, record, fields);
  }

  /** The job goes to another worker. If it was begun here, that is told of. */
  handedBack({ id }: Addressee): void {
    const start = this.#started.get(id);
    this.#started.delete(id);
    if (start?.hasBegun() === true) this.#tellStart(start);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tellStarts(): void {
    for (const start of this.#started.values()) {
      if (start.hasBegun()) this.#tellStart(start);
    }
    if (this.#started.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tellStart({ to, run }: Start): void {
    this.#started.delete(to.id);
    void this.#write(to, { type: 'started', ...run() }, undefined);
  }

  async #write(
    to: Addressee,
    report: Report,
    body: Uint8Array | undefined,
  ): Promise<void> {
    if (!this.#mayWrite(to)) return;
    const fields = replyFields(this.#signer, to.id, report, body);
    try {
      await this.#redis.xadd(to.replyTo, 'NOMKSTREAM', '*', ...fields);
    } catch {
      // The record of the job tells the submitter.
    }
  }

  /** The queue says where to, and anybody can write to it. */
  #mayWrite({ replyTo }: Addressee): boolean {
    return replyTo.startsWith(this.#streams);
  }
}
