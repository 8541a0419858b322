import { SMALL_BYTES, SmallValues, type SmallValue } from './small-values.ts';

/** What a record is. Of a task that goes by a message there is only its id in it. */
export const Kind = {
  small: 0,
  message: 1,
  skipped: 2,
  encoded: 3,
  chunk: 4,
  /** Of a file: see record-files.ts. */
  change: 5,
} as const;

/**
 * Bytes of a record: its numbers, then the values. The task, the attempt and the id are
 * those of a run, the run time that of an answer; the id takes 8: it grows for ever. The place
 * and the count of messages before it are those of a record in a file, the claim (claims.ts)
 * that of one in memory.
 */
const KIND = 0;
const SECTIONS = 1;
const PLACE = 2;
const TASK = 4;
const ATTEMPT = 8;
const RUN_TIME = 8;
const LENGTH = 12;
const OFFSET = 12;
const ID = 16;
const MESSAGES = 24;
export const CLAIM = 24;
const HEAD_BYTES = 28;

/** A power of two: see record-files.ts. */
export const RECORD_BYTES = HEAD_BYTES + SMALL_BYTES;

/** In memory of their own. */
export function makeRecords(count: number): TaskRecords {
  return new TaskRecords(Buffer.alloc(count * RECORD_BYTES));
}

/** An encoded value may go on in the records behind its own: so many may be one answer. */
export const MAX_SPAN = 16;
export const MAX_INLINE = SMALL_BYTES + (MAX_SPAN - 1) * RECORD_BYTES;

const MAX_RUN_TIME = 2 ** 31 - 1;

const LENGTH_BYTES = 4;

/** So many lengths have room where small values would be. */
export const MAX_SECTIONS = SMALL_BYTES / LENGTH_BYTES;

/** Where large arguments lie, one section after the other. */
export interface Sections {
  readonly offset: number;
  /** In bytes. */
  readonly lengths: readonly number[];
}

/** Records beside each other in memory: each one a task, or the answer to it. */
export class TaskRecords {
  readonly memory: Buffer;
  readonly #view: DataView;
  readonly #values: SmallValues;

  /** @param memory RECORD_BYTES for each record */
  constructor(memory: Buffer) {
    this.memory = memory;
    const { buffer, byteOffset, byteLength } = memory;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#values = new SmallValues(memory);
  }

  /** @param length of encoded values, in bytes */
  setKind(index: number, kind: number, length = 0): void {
    this.#view.setUint8(index * RECORD_BYTES + KIND, kind);
    this.#view.setUint8(index * RECORD_BYTES + SECTIONS, 0);
    this.#view.setInt32(index * RECORD_BYTES + LENGTH, length);
  }

  /** @param sections at least one, at most MAX_SECTIONS */
  setSections(index: number, kind: number, sections: Sections): void {
    const { offset, lengths } = sections;
    const at = index * RECORD_BYTES;
    this.#view.setUint8(at + KIND, kind);
    this.#view.setUint8(at + SECTIONS, lengths.length);
    this.#view.setInt32(at + OFFSET, offset);
    lengths.forEach((length, nth) => {
      this.#view.setInt32(at + HEAD_BYTES + nth * LENGTH_BYTES, length);
    });
  }

  /** Undefined if the values are not large. */
  sectionsIn(index: number): Sections | undefined {
    const at = index * RECORD_BYTES;
    const count = this.#sectionsOf(index);
    if (!this.hasSections(index) || !this.#isEncoded(index)) return undefined;
    const lengths: number[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      const lengthAt = at + HEAD_BYTES + nth * LENGTH_BYTES;
      lengths.push(this.#view.getInt32(lengthAt));
    }
    return { offset: this.#view.getInt32(at + OFFSET), lengths };
  }

  /** Puts an encoded value into the record, and into the next ones if it is longer than SMALL_BYTES. */
  setInline(index: number, kind: number, bytes: Uint8Array): void {
    this.setKind(index, kind, bytes.length);
    this.memory.set(bytes, index * RECORD_BYTES + HEAD_BYTES);
  }

  /** Undefined if no encoded value is in the record. */
  inlineIn(index: number): Uint8Array | undefined {
    if (this.hasSections(index)) return undefined;
    const length = this.encodedLengthIn(index);
    if (length === undefined) return undefined;
    const start = index * RECORD_BYTES + HEAD_BYTES;
    return this.memory.subarray(start, start + length);
  }

  /** How many records it is, with those that its encoded value goes on in. */
  spanIn(index: number): number {
    if (this.hasSections(index)) return 1;
    const length = this.encodedLengthIn(index) ?? 0;
    return length <= SMALL_BYTES
      ? 1
      : 1 + Math.ceil((length - SMALL_BYTES) / RECORD_BYTES);
  }

  /** Whether its encoded values lie in sections elsewhere. */
  hasSections(index: number): boolean {
    return this.#sectionsOf(index) > 0;
  }

  #sectionsOf(index: number): number {
    return this.#view.getUint8(index * RECORD_BYTES + SECTIONS);
  }

  kindIn(index: number): number {
    return this.#view.getUint8(index * RECORD_BYTES + KIND);
  }

  /** How many bytes the encoded values have, which are not large; undefined if they are not encoded. */
  encodedLengthIn(index: number): number | undefined {
    return this.#isEncoded(index)
      ? this.#view.getInt32(index * RECORD_BYTES + LENGTH)
      : undefined;
  }

  #isEncoded(index: number): boolean {
    const kind = this.kindIn(index);
    return kind === Kind.encoded || kind === Kind.chunk;
  }

  setTask(index: number, task: number, id: number, attempt: number): void {
    const at = index * RECORD_BYTES;
    this.#view.setInt32(at + TASK, task);
    this.#view.setInt32(at + ATTEMPT, attempt);
    this.#view.setFloat64(at + ID, id);
  }

  taskIn(index: number): number {
    return this.#view.getInt32(index * RECORD_BYTES + TASK);
  }

  attemptIn(index: number): number {
    return this.#view.getInt32(index * RECORD_BYTES + ATTEMPT);
  }

  idIn(index: number): number {
    return this.#view.getFloat64(index * RECORD_BYTES + ID);
  }

  /** @param runTime how long the worker had to do with it, in milliseconds */
  setRunTime(index: number, runTime: number): void {
    const nanoseconds = Math.min(runTime * 1e6, MAX_RUN_TIME);
    this.#view.setInt32(index * RECORD_BYTES + RUN_TIME, nanoseconds);
  }

  /** In nanoseconds, as no other number is passed on without memory for it; two seconds if it was more. */
  runTimeIn(index: number): number {
    return this.#view.getInt32(index * RECORD_BYTES + RUN_TIME);
  }

  setPlace(index: number, place: number): void {
    this.#view.setUint16(index * RECORD_BYTES + PLACE, place);
  }

  placeIn(index: number): number {
    return this.#view.getUint16(index * RECORD_BYTES + PLACE);
  }

  /** How many messages were posted before it. */
  setMessages(index: number, messages: number): void {
    this.#view.setInt32(index * RECORD_BYTES + MESSAGES, messages);
  }

  messagesIn(index: number): number {
    return this.#view.getInt32(index * RECORD_BYTES + MESSAGES);
  }

  /** @param args the only one, or Several */
  setArguments(index: number, args: unknown): void {
    this.setKind(index, Kind.small);
    this.#values.writeAll(index * RECORD_BYTES + HEAD_BYTES, args);
  }

  argumentsIn(index: number): SmallValue[] {
    return this.#values.readAll(index * RECORD_BYTES + HEAD_BYTES);
  }

  setResult(index: number, result: unknown): void {
    this.setKind(index, Kind.small);
    this.#values.writeOne(index * RECORD_BYTES + HEAD_BYTES, result);
  }

  resultIn(index: number): SmallValue {
    return this.#values.readOne(index * RECORD_BYTES + HEAD_BYTES);
  }
}
