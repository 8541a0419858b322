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
const SECTIONS = 1;
const TASK = 4;
const MESSAGES = 4;
const ATTEMPT = 8;
const LENGTH = 12;
const OFFSET = 12;
const ID = 16;
const HEAD_BYTES = 24;

export const RECORD_BYTES = HEAD_BYTES + SMALL_BYTES;

const LENGTH_BYTES = 4;

/** So many lengths have room where small values would be. */
export const MAX_SECTIONS = SMALL_BYTES / LENGTH_BYTES;

/** Where large arguments lie, one section after the other. */
export interface Sections {
  readonly offset: number;
  /** In bytes. */
  readonly lengths: readonly number[];
}

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
    this.#view.setUint8(place * RECORD_BYTES + SECTIONS, 0);
    this.#view.setInt32(place * RECORD_BYTES + LENGTH, length);
  }

  /** @param sections at least one, at most MAX_SECTIONS */
  setSections(place: number, kind: number, sections: Sections): void {
    const { offset, lengths } = sections;
    const at = place * RECORD_BYTES;
    this.#view.setUint8(at + KIND, kind);
    this.#view.setUint8(at + SECTIONS, lengths.length);
    this.#view.setInt32(at + OFFSET, offset);
    lengths.forEach((length, index) => {
      this.#view.setInt32(at + HEAD_BYTES + index * LENGTH_BYTES, length);
    });
  }

  /** Undefined if the values are not large. */
  sectionsIn(place: number): Sections | undefined {
    const at = place * RECORD_BYTES;
    const count = this.#view.getUint8(at + SECTIONS);
    if (count === 0 || !this.#isEncoded(place)) return undefined;
    const lengths: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const lengthAt = at + HEAD_BYTES + index * LENGTH_BYTES;
      lengths.push(this.#view.getInt32(lengthAt));
    }
    return { offset: this.#view.getInt32(at + OFFSET), lengths };
  }

  kindIn(place: number): number {
    return this.#view.getUint8(place * RECORD_BYTES + KIND);
  }

  /** How many bytes the encoded values have, which are not large; undefined if they are not encoded. */
  encodedLengthIn(place: number): number | undefined {
    return this.#isEncoded(place)
      ? this.#view.getInt32(place * RECORD_BYTES + LENGTH)
      : undefined;
  }

  #isEncoded(place: number): boolean {
    const kind = this.kindIn(place);
    return kind === Kind.encoded || kind === Kind.chunk;
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
