/*
 * Records from one process to another, through two files without names that both have open.
 * Node.js has no memory that processes share, and to write or read some bytes of a file
 * takes a third of what it takes with a pipe.
 *
 * The writer appends whole records, and the end of the file tells how many there are: a
 * system shows the new end of a file when the bytes before it are there. A record lies in
 * one page of memory, as its size is a power of two, so it is seen as a whole. (One that is
 * not, when memory is scarce or a disk is full, is read on until it is.)
 *
 * A file that has become long is left for the other one, whose memory is given back then:
 *
 *   file 0   ▒▒▒▒▒▒▒▒▒▒▒▒▒▒ record record change
 *   file 1                                      record record record
 *
 * - `change` is its last record: the next one is in the other file.
 * - The other one holds nothing by then that was not read: a file is left after as many tasks
 *   or answers as can be on their way at once, and nothing is taken back meanwhile. Not
 *   later, so that few pages are used, again and again.
 * - A file goes on where it ended, behind a hole that takes no memory, since nobody can move
 *   the offset below.
 *
 * There are two ways to read. Answers have one reader, which knows where it is. An answer
 * can be several records, and is left where it is until all of them are there. Tasks can
 * be taken by the worker, and taken back by the host: both read at the offset of the file,
 * which they share, as the worker inherits the open file and not only its name. A call reads
 * the bytes and moves the offset in one step (POSIX: 2.9.7, Thread Interactions with
 * Regular File Operations; Linux, macOS and the BSDs lock the offset also between
 * processes). So each task is taken by one of them, and by one call.
 */
import { ftruncateSync, readSync, writeSync } from 'node:fs';
import {
  Kind,
  makeRecords,
  MAX_SPAN,
  RECORD_BYTES,
  type TaskRecords,
} from './task-records.ts';

/** Two files: see above. */
export type FilePair = readonly [number, number];

type Which = 0 | 1;

/** Tasks that a process may have. */
export const PLACES = 512;

/** So many bytes of a file are in use at most: 64 KiB of short answers, but they can have MAX_SPAN records. */
export const FILE_BYTES = PLACES * MAX_SPAN * RECORD_BYTES;

/** So often the rest of a record is read: a tenth of a second or so. */
const MAX_READS = 100_000;

const other = (which: Which): Which => (which === 0 ? 1 : 0);

/** At the offset of the file, and not at a position. */
const NEXT = null;

const change = makeRecords(1);
change.setKind(0, Kind.change);

/** Appends records, and takes back those that nobody has taken. */
export class RecordWriter {
  readonly #files: FilePair;
  /** Where each file ends. */
  readonly #ends: [number, number] = [0, 0];
  #which: Which = 0;
  /** How many tasks or answers it has written to the file that it writes to. */
  #written = 0;
  /** Whether the reader cannot come to the file that it writes to. */
  #isCut = false;

  constructor(files: FilePair) {
    this.#files = files;
  }

  /** How many of the first records, of a task each, could be written: all, unless the disk is full. */
  write(records: TaskRecords, count: number): number {
    if (!this.#canWrite()) return 0;
    const written = this.#append(this.#which, records, count);
    this.#written += written;
    return written;
  }

  /** Writes all of the first records, of one answer; none, and false, if the disk is full. */
  writeAll(records: TaskRecords, count: number): boolean {
    if (!this.#canWrite()) return false;
    const which = this.#which;
    const end = this.#ends[which];
    if (this.#append(which, records, count) === count) {
      this.#written += 1;
      return true;
    }
    ftruncateSync(this.#files[which], end);
    this.#ends[which] = end;
    return false;
  }

  /**
   * Takes the records that the reader has not taken, in order.
   *
   * @param records has room for all that can be on their way, and one more
   * @returns how many they are
   */
  takeBack({ memory }: TaskRecords): number {
    const left = other(this.#which);
    let bytes = this.#takeAll(left, memory, 0);
    // The last one is the change.
    const hadChange = bytes > 0;
    if (hadChange) bytes -= RECORD_BYTES;
    bytes += this.#takeAll(this.#which, memory, bytes);
    // There is nothing in it now. What is written again must not count: see above.
    ftruncateSync(this.#files[this.#which], 0);
    this.#written = 0;
    // The reader must still find it, but not before: it would start later ones first.
    if (hadChange) this.#isCut = this.#append(left, change, 1) === 0;
    return bytes / RECORD_BYTES;
  }

  #canWrite(): boolean {
    if (this.#isCut) return false;
    return this.#written < PLACES || this.#leave();
  }

  #takeAll(which: Which, memory: Uint8Array, at: number): number {
    const length = memory.length - at;
    return readSync(this.#files[which], memory, at, length, NEXT);
  }

  #leave(): boolean {
    const next = other(this.#which);
    try {
      ftruncateSync(this.#files[next], 0);
    } catch {
      return false;
    }
    if (this.#append(this.#which, change, 1) === 0) return false;
    this.#which = next;
    this.#written = 0;
    return true;
  }

  #append(which: Which, { memory }: TaskRecords, count: number): number {
    const end = this.#ends[which];
    let written = 0;
    try {
      const length = count * RECORD_BYTES;
      const bytes = writeSync(this.#files[which], memory, 0, length, end);
      written = Math.trunc(bytes / RECORD_BYTES);
      this.#ends[which] = end + written * RECORD_BYTES;
      if (bytes < length) ftruncateSync(this.#files[which], this.#ends[which]);
    } catch {
      // There is no room.
    }
    return written;
  }
}

/** Reads all records. */
export class RecordReader {
  readonly #files: FilePair;
  /** Where the next record of each file begins. */
  readonly #nexts: [number, number] = [0, 0];
  #which: Which = 0;

  constructor(files: FilePair) {
    this.#files = files;
  }

  /**
   * Reads those that are there, as far as there is room for them; how many.
   *
   * @param records has room for MAX_SPAN at least
   */
  read(records: TaskRecords): number {
    const { memory } = records;
    for (;;) {
      const which = this.#which;
      const file = this.#files[which];
      const next = this.#nexts[which];
      const bytes = readSync(file, memory, 0, memory.length, next);
      const there = Math.trunc(bytes / RECORD_BYTES);
      let count = 0;
      let last = 0;
      while (count < there) {
        const end = count + records.spanIn(count);
        if (end > there) break;
        last = count;
        count = end;
      }
      if (count === 0) return 0;
      this.#nexts[which] = next + count * RECORD_BYTES;
      if (records.kindIn(last) !== Kind.change) return count;
      this.#which = other(which);
      if (last > 0) return last;
    }
  }
}

/** The worker's way to take records, one at a time. */
export class RecordTaker {
  readonly #files: FilePair;
  #which: Which = 0;

  constructor(files: FilePair) {
    this.#files = files;
  }

  /** Takes the next record. False if there is none. */
  take(records: TaskRecords): boolean {
    const { memory } = records;
    for (;;) {
      const file = this.#files[this.#which];
      const bytes = readSync(file, memory, 0, RECORD_BYTES, NEXT);
      if (bytes === 0) return false;
      if (bytes < RECORD_BYTES) takeRest(file, memory, bytes);
      if (records.kindIn(0) !== Kind.change) return true;
      this.#which = other(this.#which);
    }
  }
}

/** The host writes it just now, and takes nothing back meanwhile. */
function takeRest(file: number, memory: Uint8Array, start: number): void {
  let at = start;
  for (let reads = 0; at < RECORD_BYTES; reads += 1) {
    if (reads === MAX_READS) throw new Error('a record of the lane was cut');
    at += readSync(file, memory, at, RECORD_BYTES - at, NEXT);
  }
}
