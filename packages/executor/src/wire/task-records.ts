import { SMALL_BYTES, SmallValues } from './small-values.ts';

/** What a record is. Of a task that goes by a message there is nothing more in it. */
export const Kind = {
  small: 0,
  message: 1,
  skipped: 2,
  encoded: 3,
  chunk: 4,
} as const;

/**
 * Bytes of a record: its numbers, then the values. A run has a task and an attempt, an
 * answer the count of messages before it. The id takes 8: it grows for ever.
 */
const KIND = 0;
const TASK = 4;
const MESSAGES = 4;
const ATTEMPT = 8;
const LENGTH = 12;
const ID = 16;
const HEAD_BYTES = 24;

export const RECORD_BYTES = HEAD_BYTES + SMALL_BYTES;

/** A record for each place of a lane: a task, or the answer to it. */
export class TaskRecords {
  readonly #view: DataView;
  readonly #values: SmallValues;

  /** @param memory RECORD_BYTES for each place */
  constructor(memory: Buffer) {
    const { buffer, byteOffset, byteLength } = memory;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#values = new SmallValues(memory);
  }

  /** @param length of encoded values, in bytes */
  setKind(place: number, kind: number, length = 0): void {
    this.#view.setUint8(place * RECORD_BYTES + KIND, kind);
    this.#view.setInt32(place * RECORD_BYTES + LENGTH, length);
  }

  kindIn(place: number): number {
    return this.#view.getUint8(place * RECORD_BYTES + KIND);
  }

  /** How many bytes the encoded values have; undefined if they are not encoded. */
  encodedLengthIn(place: number): number | undefined {
    const kind = this.kindIn(place);
    return kind === Kind.encoded || kind === Kind.chunk
      ? this.#view.getInt32(place * RECORD_BYTES + LENGTH)
      : undefined;
  }

  setTask(place: number, task: number, id: number, attempt: number): void {
    const at = place * RECORD_BYTES;
    this.#view.setInt32(at + TASK, task);
    this.#view.setInt32(at + ATTEMPT, attempt);
    this.#view.setFloat64(at + ID, id);
  }

  taskIn(place: number): number {
    return this.#view.getInt32(place * RECORD_BYTES + TASK);
  }

  attemptIn(place: number): number {
    return this.#view.getInt32(place * RECORD_BYTES + ATTEMPT);
  }

  idIn(place: number): number {
    return this.#view.getFloat64(place * RECORD_BYTES + ID);
  }

  /** How many messages were posted before an answer. */
  setMessages(place: number, messages: number): void {
    this.#view.setInt32(place * RECORD_BYTES + MESSAGES, messages);
  }

  messagesIn(place: number): number {
    return this.#view.getInt32(place * RECORD_BYTES + MESSAGES);
  }

  setArguments(place: number, args: readonly unknown[]): void {
    this.setKind(place, Kind.small);
    this.#values.writeAll(place * RECORD_BYTES + HEAD_BYTES, args);
  }

  argumentsIn(place: number): unknown[] {
    return this.#values.readAll(place * RECORD_BYTES + HEAD_BYTES);
  }

  setResult(place: number, result: unknown): void {
    this.setKind(place, Kind.small);
    this.#values.writeOne(place * RECORD_BYTES + HEAD_BYTES, result);
  }

  resultIn(place: number): unknown {
    return this.#values.readOne(place * RECORD_BYTES + HEAD_BYTES);
  }
}
