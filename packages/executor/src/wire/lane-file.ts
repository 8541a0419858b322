/*
 * The file that is the lane (see lane.ts) of a worker process. Processes of Node.js share no memory;
 * they can share a file, which is never written to a disk as long as it is small and
 * short-lived, and one call to read or write some bytes of it takes less than half a
 * microsecond. It has no name: the worker inherits it.
 *
 *   host's head   counts of tasks and free places, bell, withdrawn places │ run records
 *   worker's head count of starts, of answers, bell      │ answer records
 *   an area of each side for the bytes of what is not small (area.ts): of the host until
 *   the task is answered, of the worker until the answer was read
 *
 * Each byte has one writer at a time. A record is written before the count that tells of it.
 * What is read while it is written may be half old and half new, so the counts are
 * single bytes: they count on from 255 with 0, and there are fewer places than that.
 *
 * A worker runs one task at a time, in the order of sending. Who has a task that was
 * sent ahead is decided as by T. Dekker (in E. W. Dijkstra, "Cooperating Sequential
 * Processes", 1965): the worker writes that it starts the task, then reads whether the
 * host asks for it; the host writes that it asks for it, then reads whether it was
 * started. Reads and writes of a file take effect one after the other (POSIX), so at
 * least one of them sees the other. The host decides, and the worker waits for that:
 *
 *   | the host reads | it writes then       | the task                            |
 *   | -------------- | -------------------- | ----------------------------------- |
 *   | started        | nothing asked for    | runs                                |
 *   | not started    | withdrawn; then the  | is withdrawn, and passed over later |
 *   |                | same                 |                                     |
 *
 * That takes it a microsecond, since it does nothing else meanwhile. A worker that has
 * waited much longer (the host has ended, perhaps) passes over the task: then it is
 * run again, though others may have overtaken it.
 *
 * A bell is a byte that is odd while its writer waits in its event loop. Each time it
 * is another value, until there are no new ones: whoever rings must have another sign,
 * too, that the other side has not woken up since.
 */
import { readSync, readvSync, writeSync, writevSync } from 'node:fs';
import { Area, AREA_BYTES, fitsArea } from './area.ts';
import { ownMemory, sizeOf } from './copies.ts';
import { RECORD_BYTES, TaskRecords } from './task-records.ts';
import type { EncodedValue } from './value-reader.ts';

/** Tasks that a process may have. At most 128: see above. */
export const PLACES = 128;
export const PLACE_MASK = PLACES - 1;
export const COUNT_MASK = 255;

const RECORDS_BYTES = PLACES * RECORD_BYTES;

/** Bytes of a head. */
export const COUNT = 0;
export const BELL = 1;
/** Of the worker's head. */
export const STARTS = 2;
/** Of the host's head: the place that it asks for, and 1 more. Before the bits: it is read first. */
export const ASKED = 3;
/** Of the host's head: count of places that are free again, so that their answers were read. */
export const RELEASED = 4;
/** Of the host's head: a bit for each place. */
export const WITHDRAWN = 8;
const FILE_HEAD_BYTES = WITHDRAWN + PLACES / 8;

const HOST_HEAD = 0;
const WORKER_HEAD = 64;
const RUNS = 128;
const ANSWERS = RUNS + RECORDS_BYTES;
/** Encoded arguments, and encoded results; see area.ts. */
const RUNS_AREA = ANSWERS + RECORDS_BYTES;
const ANSWERS_AREA = RUNS_AREA + AREA_BYTES;

/** The records of one direction, and the head that its writer writes. */
export class LaneFileSide {
  readonly head = Buffer.alloc(FILE_HEAD_BYTES);
  readonly #memory = Buffer.alloc(RECORDS_BYTES);
  readonly records = new TaskRecords(this.#memory);
  readonly #file: number;
  readonly #headAt: number;
  readonly #recordsAt: number;
  readonly #areaAt: number;
  readonly #area = new Area(AREA_BYTES);

  /** @param writer whose side it is */
  constructor(file: number, writer: 'host' | 'worker') {
    this.#file = file;
    this.#headAt = writer === 'host' ? HOST_HEAD : WORKER_HEAD;
    this.#recordsAt = writer === 'host' ? RUNS : ANSWERS;
    this.#areaAt = writer === 'host' ? RUNS_AREA : ANSWERS_AREA;
  }

  readHead(): void {
    readSync(this.#file, this.head, 0, FILE_HEAD_BYTES, this.#headAt);
  }

  writeHead(): void {
    writeSync(this.#file, this.head, 0, FILE_HEAD_BYTES, this.#headAt);
  }

  /** Those from one count to another, which is later. */
  readRecords(from: number, to: number): void {
    this.#each(from, to, (at, length) => {
      readSync(this.#file, this.#memory, at, length, this.#recordsAt + at);
    });
  }

  writeRecords(from: number, to: number): void {
    this.#each(from, to, (at, length) => {
      writeSync(this.#file, this.#memory, at, length, this.#recordsAt + at);
    });
  }

  /**
   * False if there is no room in the area, or on the disk: the file has all else from the
   * beginning.
   *
   * @param owner of the bytes, until release()
   */
  writeEncoded(
    place: number,
    value: EncodedValue,
    kind: number,
    owner: number,
  ): boolean {
    if (!fitsArea(value)) return false;
    const size = sizeOf(value);
    const offset = this.#area.take(owner, size);
    if (offset === undefined) return false;
    const { bytes, parts } = value;
    // Most have no parts: they are not to pay for these.
    const sections =
      parts === undefined
        ? [bytes]
        : [bytes, ...parts.map((part) => part.bytes)];
    if (!this.#write(sections, size, this.#areaAt + offset)) return false;
    const lengths =
      parts === undefined ? [size] : sections.map(({ length }) => length);
    this.records.setSections(place, kind, { offset, lengths });
    return true;
  }

  /** Undefined if the values are small. */
  readEncoded(place: number): EncodedValue | undefined {
    const sections = this.records.sectionsIn(place);
    if (sections === undefined) return undefined;
    const [bytes = ownMemory(0), ...parts] = sections.lengths.map(ownMemory);
    const at = this.#areaAt + sections.offset;
    if (parts.length === 0) readSync(this.#file, bytes, 0, bytes.length, at);
    else readvSync(this.#file, [bytes, ...parts], at);
    return parts.length === 0
      ? { bytes }
      : { bytes, attached: parts.map(({ buffer }) => buffer) };
  }

  /** What was written for this owner is not needed any more. */
  release(owner: number): void {
    this.#area.release(owner);
  }

  /** The count of a byte of the head; it is at most PLACES + 1 after `base`. */
  count(byte: number, base: number): number {
    return base + (((this.head[byte] ?? 0) - base) & COUNT_MASK);
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

  /** One or two stretches: the records are a ring. */
  #each(
    from: number,
    to: number,
    action: (at: number, length: number) => void,
  ): void {
    const first = from & PLACE_MASK;
    const length = to - from;
    const untilEnd = Math.min(length, PLACES - first);
    action(first * RECORD_BYTES, untilEnd * RECORD_BYTES);
    if (untilEnd < length) action(0, (length - untilEnd) * RECORD_BYTES);
  }
}

/** The writer of the head waits from now on: to the next odd value, it may have been rung. */
export function hangBell(head: Buffer): void {
  head[BELL] = (((head[BELL] ?? 0) + 1) | 1) & COUNT_MASK;
}

export function takeBellDown(head: Buffer): void {
  head[BELL] = ((head[BELL] ?? 0) + 1) & COUNT_MASK & ~1;
}

/** @throws what the system throws if there is no room for it */
export function prepareLaneFile(file: number): void {
  writeSync(file, Buffer.alloc(RUNS_AREA), 0, RUNS_AREA, 0);
}
