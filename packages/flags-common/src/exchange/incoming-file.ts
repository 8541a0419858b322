import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import {
  DownloadContentError,
  FileNameError,
  FileWriteError,
} from '../errors.ts';
import type { ExchangeRequest } from './exchange.ts';
import { makeDirectory } from './folders.ts';
import {
  partialPath,
  recordPartial,
  removePartial,
  type PartialFile,
} from './partial-file.ts';

// All of this is synchronous: for files of a few kilobytes that is several times
// faster than a trip through the thread pool of libuv, and large ones are written
// in pieces of 64 KB.

/** A body is kept in memory up to here, so that most files are written in one call. */
const MAX_HELD = 256 * 1024;

/** What is wrong with the name of one file and not with the disk. */
const NAME_ERRORS: readonly unknown[] = [
  'EEXIST',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOTDIR',
  'ENOTEMPTY',
];

let written = 0;

/**
 * A file that comes in pieces and appears under its name when it is whole: it is
 * written elsewhere on the same file system and then renamed.
 */
export class IncomingFile {
  readonly #path: string;
  readonly #url: string;
  readonly #partialFolder: string;
  readonly #expected: ExchangeRequest['expected'];
  readonly #checksum: string | undefined;
  readonly #hash: Hash | undefined;
  /** Where a beginning of the file may stay for later, if it may. */
  readonly #resumable: string | undefined;
  readonly #version: string;
  /** The first bytes, which tell the type. */
  #head = Buffer.alloc(0);
  #held: Buffer[] = [];
  #heldBytes = 0;
  #bytes = 0;
  /** Where it is written until it is whole, once it is on the disk. */
  #partial: string | undefined;
  /** Undefined while no file is open. */
  #descriptor: number | undefined;

  /**
   * @param version what came of a large file stays for later if it is known of which
   *   version it is
   */
  constructor(
    request: ExchangeRequest & { readonly path: string },
    options: {
      readonly partialFolder: string;
      readonly version: string | undefined;
    },
  ) {
    this.#path = request.path;
    this.#url = request.url;
    this.#expected = request.expected;
    this.#partialFolder = options.partialFolder;
    this.#checksum = request.checksum;
    const [algorithm] = (request.checksum ?? '').split(':', 1);
    this.#hash =
      algorithm === undefined || algorithm === ''
        ? undefined
        : createHash(algorithm);
    this.#version = options.version ?? '';
    if (options.version !== undefined) {
      this.#resumable = partialPath(
        options.partialFolder,
        request.url,
        request.path,
      );
    }
  }

  /** Bytes so far, those of an earlier run included. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Goes on where an earlier run ended.
   *
   * @throws {FileWriteError} if what it left cannot be read
   */
  resume(partial: PartialFile): void {
    this.#attempt(() => {
      const descriptor = this.#open(partial.path, 'r+');
      const piece = Buffer.allocUnsafe(64 * 1024);
      while (this.#bytes < partial.bytes) {
        const length = readSync(
          descriptor,
          piece,
          0,
          Math.min(piece.length, partial.bytes - this.#bytes),
          this.#bytes,
        );
        if (length === 0) throw new Error('it has become shorter');
        this.#look(piece.subarray(0, length));
      }
    });
  }

  /** @throws {FileWriteError} if the disk is full, the folder not writable, … */
  write(chunk: Buffer): void {
    const offset = this.#bytes;
    this.#look(chunk);
    const descriptor = this.#descriptor;
    if (descriptor === undefined) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes <= MAX_HELD) return;
      this.#attempt(() => {
        this.#openAndWriteHeld();
      });
    } else {
      this.#attempt(() => {
        writeAll(descriptor, chunk, offset);
      });
    }
  }

  /**
   * The body is complete: checks it and puts the file in its place.
   *
   * @throws {DownloadContentError} if it is not what was expected
   * @throws {FileNameError} if there can be no file of this name
   * @throws {FileWriteError} if the disk is full, the folder not writable, …
   */
  finish(contentType: string): void {
    checkType(this.#expected, this.#head, contentType, this.#url);
    this.#checkDigest();
    this.#attempt(() => {
      if (this.#descriptor === undefined) this.#openAndWriteHeld();
      this.#close();
      this.#rename();
    });
  }

  /** The body did not come whole. What a later run can continue is kept. */
  suspend(): void {
    this.#close();
    if (this.#partial !== this.#resumable) this.#remove();
  }

  /** Removes all that was written. */
  discard(): void {
    this.#close();
    this.#remove();
  }

  #look(chunk: Buffer): void {
    if (this.#head.length < 6) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, 6)]);
    }
    this.#bytes += chunk.length;
    this.#hash?.update(chunk);
  }

  #openAndWriteHeld(): void {
    const large = this.#heldBytes > MAX_HELD;
    const path =
      large && this.#resumable !== undefined
        ? this.#resumable
        : join(
            this.#partialFolder,
            `${String(process.pid)}-${String(threadId)}-${String((written += 1))}.part`,
          );
    if (path === this.#resumable) recordPartial(path, this.#version);
    const descriptor = this.#open(path, 'w');
    const held = this.#held;
    this.#held = [];
    if (held.length === 0) return;
    if (writevSync(descriptor, held, 0) === this.#heldBytes) return;
    // A disk that is nearly full takes a part; the next call tells the error.
    writeAll(descriptor, Buffer.concat(held), 0);
  }

  #open(path: string, flags: 'w' | 'r+'): number {
    const descriptor = openSync(path, flags);
    this.#partial = path;
    this.#descriptor = descriptor;
    return descriptor;
  }

  #rename(): void {
    const partial = this.#partial;
    if (partial === undefined) return;
    try {
      renameSync(partial, this.#path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code !== 'ENOENT') throw error;
      makeDirectory(dirname(this.#path));
      renameSync(partial, this.#path);
    }
    this.#partial = undefined;
    // A record is left of a file that was continued, or a beginning of no use any more.
    if (this.#resumable !== undefined) removePartial(this.#resumable);
  }

  #checkDigest(): void {
    if (this.#checksum === undefined || this.#hash === undefined) return;
    const [algorithm = '', expected] = this.#checksum.split(':', 2);
    const digest = this.#hash.digest('hex');
    if (digest !== expected) {
      throw new DownloadContentError(
        `wrong checksum: expected ${this.#checksum}, got ${algorithm}:${digest}`,
        this.#url,
      );
    }
  }

  #close(): void {
    this.#held = [];
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  #remove(): void {
    const partial = this.#partial;
    this.#partial = undefined;
    if (partial === undefined) return;
    if (partial === this.#resumable) removePartial(partial);
    else rmSync(partial, { force: true });
  }

  /** Runs what may fail; then nothing half-written stays. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.discard();
      throw error instanceof Error &&
        'code' in error &&
        NAME_ERRORS.includes(error.code)
        ? new FileNameError(this.#path, error, this.#url)
        : new FileWriteError(this.#path, error);
    }
  }
}

/** @throws {DownloadContentError} if the bytes are not what they should be */
export function checkType(
  expected: ExchangeRequest['expected'],
  head: Buffer,
  contentType: string,
  url: string,
): void {
  if (expected === 'GIF' && !/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) {
    throw new DownloadContentError(
      `not a GIF picture (content-type ${contentType})`,
      url,
    );
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(
      descriptor,
      bytes,
      done,
      bytes.length - done,
      position + done,
    );
  }
}
