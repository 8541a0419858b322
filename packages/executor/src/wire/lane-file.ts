/*
 * The files that are the lane (see lane.ts) of a worker process. They are never written to a
 * disk as long as they are small and short-lived, and one call to read or write some bytes of
 * one takes less than a microsecond. They have no names: the worker inherits them.
 *
 *   runs, answers   the tasks and what they came to (record-files.ts)
 *   common          host's head: bell, count of answers that were read
 *                   worker's head: bell, count of answers
 *                   of each side, room for the encoded value of each place that does not
 *                   go with its record, and an area for larger ones (area.ts): of the host
 *                   until the task is answered, of the worker until the answer was read
 *
 * A worker runs one task at a time, in the order of sending. It takes the next one by a call
 * that gives each record to one of those who call it, so a task that was sent ahead is the
 * worker's once it has taken it, and else the host can take it back.
 *
 * Each byte of a head has one writer. What is read while it is written may be half old and
 * half new. A bell is a number that is odd while its writer waits in its event loop. Each time
 * it is another one. Who waits looks once more after that, so only what was read then matters;
 * whoever rings once for each number has another sign, too, that the other side has not woken
 * up since.
 */
import {
  ftruncateSync,
  readSync,
  readvSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { Area, AREA_BYTES, fitsArea } from './area.ts';
import { copyOf, ownMemory, sizeOf } from './copies.ts';
import { MAX_ENCODED } from './lane.ts';
import { FILE_BYTES, PLACES, type FilePair } from './record-files.ts';
import { SMALL_BYTES } from './small-values.ts';
import { MAX_INLINE, type TaskRecords } from './task-records.ts';
import type { EncodedValue } from './encoded-value.ts';

/** The host writes its head with the next tasks when it has read so many answers more. */
export const MAX_READ_UNTOLD = 64;

export interface LaneFiles {
  readonly common: number;
  readonly runs: FilePair;
  readonly answers: FilePair;
}

const BELL = 0;
/** Both of the count; bytes, since what is longer may be read half old and half new. */
const COUNT = 4;
const EIGHTHS = 5;
const HEAD_BYTES = 8;

/** Where the heads and the values are. */
const HOST_HEAD = 0;
const WORKER_HEAD = 64;
const HOST_VALUES = 4_096;
/** The area comes after the room of all places. Only what is used of it takes memory. */
const AREA = PLACES * MAX_ENCODED;
const WORKER_VALUES = HOST_VALUES + AREA + AREA_BYTES;

/** What one side writes into the common file. */
export class LaneFileSide {
  readonly #head = new DataView(new ArrayBuffer(HEAD_BYTES));
  readonly #file: number;
  readonly #headAt: number;
  readonly #valuesAt: number;
  /** Longer values do not go with their records. */
  readonly #maxInline: number;
  readonly #area = new Area(AREA_BYTES);

  /** @param writer whose side it is */
  constructor(file: number, writer: 'host' | 'worker') {
    this.#file = file;
    this.#headAt = writer === 'host' ? HOST_HEAD : WORKER_HEAD;
    this.#valuesAt = writer === 'host' ? HOST_VALUES : WORKER_VALUES;
    // A task is one record: a worker must take it by one call.
    this.#maxInline = writer === 'host' ? SMALL_BYTES : MAX_INLINE;
  }

  readHead(): void {
    readSync(this.#file, this.#head, 0, HEAD_BYTES, this.#headAt);
  }

  writeHead(): void {
    writeSync(this.#file, this.#head, 0, HEAD_BYTES, this.#headAt);
  }

  get bell(): number {
    return this.#head.getUint32(BELL);
  }

  /** Whether the writer of the head waits. */
  get isBellHung(): boolean {
    return (this.bell & 1) === 1;
  }

  /** The writer of the head waits from now on: to the next odd number, it may have been rung. */
  hangBell(): void {
    this.#head.setUint32(BELL, (this.bell + 1) | 1);
  }

  takeBellDown(): void {
    if (this.isBellHung) this.#head.setUint32(BELL, this.bell + 1);
  }

  set count(count: number) {
    this.#head.setUint8(COUNT, count & 255);
    this.#head.setUint8(EIGHTHS, (count >>> 3) & 255);
  }

  /** Changes with the count. It is the same again when that is 256 more. */
  get countSign(): number {
    return this.#head.getUint8(COUNT);
  }

  /**
   * The count, or up to 7 less.
   *
   * @param base is not more than the count, and less by 2,000 at most: that is more than PLACES
   *   and MAX_READ_UNTOLD
   */
  countFrom(base: number): number {
    const eighths = Math.trunc(base / 8);
    return 8 * (eighths + ((this.#head.getUint8(EIGHTHS) - eighths) & 255));
  }

  /**
   * What is not short goes beside the records, of which one tells where it is. False if
   * there is no room in the area, or on the disk.
   *
   * @param index of the record that is to tell of it
   * @param owner of its bytes in the area, until release()
   */
  writeEncoded(
    records: TaskRecords,
    index: number,
    kind: number,
    value: EncodedValue,
    place: number,
    owner: number,
  ): boolean {
    if (!fitsArea(value)) return false;
    const size = sizeOf(value);
    if (size <= this.#maxInline && value.parts === undefined) {
      records.setInline(index, kind, value.bytes);
      return true;
    }
    const offset = this.#offsetFor(size, place, owner);
    if (offset === undefined) return false;
    const { bytes, parts } = value;
    // Most have no parts: they are not to pay for these.
    const sections =
      parts === undefined
        ? [bytes]
        : [bytes, ...parts.map((part) => part.bytes)];
    if (!this.#write(sections, size, this.#valuesAt + offset)) return false;
    const lengths =
      parts === undefined ? [size] : sections.map(({ length }) => length);
    records.setSections(index, kind, { offset, lengths });
    return true;
  }

  /** Undefined if the values are small. */
  readEncoded(records: TaskRecords, index: number): EncodedValue | undefined {
    const sections = records.sectionsIn(index);
    if (sections === undefined) {
      const inline = records.inlineIn(index);
      return inline && { bytes: copyOf(inline) };
    }
    const [bytes = ownMemory(0), ...parts] = sections.lengths.map(ownMemory);
    const at = this.#valuesAt + sections.offset;
    if (parts.length === 0) readSync(this.#file, bytes, 0, bytes.length, at);
    else readvSync(this.#file, [bytes, ...parts], at);
    return parts.length === 0
      ? { bytes }
      : { bytes, attached: parts.map(({ buffer }) => buffer) };
  }

  /** What was written into the area for this owner is not needed any more. */
  release(owner: number): void {
    this.#area.release(owner);
  }

  /** Undefined if there is no room. */
  #offsetFor(size: number, place: number, owner: number): number | undefined {
    if (size <= MAX_ENCODED) return place * MAX_ENCODED;
    const offset = this.#area.take(owner, size);
    return offset === undefined ? undefined : AREA + offset;
  }

  /** False if the disk is full. */
  #write(sections: readonly Uint8Array[], size: number, at: number): boolean {
    const [first = ownMemory(0)] = sections;
    try {
      const written =
        first.length === size
          ? writeSync(this.#file, first, 0, size, at)
          : writevSync(this.#file, sections, at);
      return written === size;
    } catch {
      return false;
    }
  }
}

/** @throws what the system throws if there is no room for them */
export function prepareLaneFiles({ common, runs, answers }: LaneFiles): void {
  const page = Buffer.alloc(HOST_VALUES);
  writeSync(common, page, 0, page.length, 0);
  for (const file of [...runs, ...answers]) {
    // A disk that is full, and a limit of the length of files, are found here.
    writeSync(file, page, 0, page.length, 0);
    ftruncateSync(file, FILE_BYTES);
    ftruncateSync(file, 0);
  }
}
