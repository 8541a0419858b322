import { randomUUID } from 'node:crypto';
import {
  closeSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { FileWriteError, messageOf } from '../core/errors.ts';

/** Characters that wait in memory before they are written. */
const BUFFER_LENGTH = 64 * 1024;

/**
 * A text file that is written bit by bit and gets its name only when it is whole:
 * until then it has a temporary name in the same folder. Disposing of it before
 * {@link commit} removes it.
 *
 * Writing is synchronous. So it needs no more memory than the buffer, however fast
 * the text comes, and writing 64 KB takes less time than a trip to the thread pool.
 */
export class AtomicFile implements Disposable {
  readonly #path: string;
  readonly #temporaryPath: string;
  /** Undefined once the file is closed: committed, failed or disposed of. */
  #descriptor: number | undefined;
  #buffer = '';
  #failure: FileWriteError | undefined;

  /**
   * @throws {FileWriteError} if the folder is missing or cannot be written, or if
   * something other than a file has this name
   */
  constructor(path: string) {
    const absolute = resolve(path);
    try {
      this.#path = replaceable(absolute);
      this.#temporaryPath = join(dirname(this.#path), `.${randomUUID()}.part`);
      this.#descriptor = openSync(this.#temporaryPath, 'wx');
    } catch (error) {
      if (error instanceof FileWriteError) throw error;
      throw writeError(absolute, error);
    }
  }

  /**
   * Adds text at the end. It never throws: {@link commit} tells what went wrong.
   * Text that comes after a failure or after the end is dropped.
   */
  write(text: string): void {
    if (this.#descriptor === undefined) return;
    this.#buffer += text;
    if (this.#buffer.length < BUFFER_LENGTH) return;
    try {
      this.#flush(this.#descriptor);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Ends the file and gives it its name, over an older file.
   *
   * @throws {FileWriteError} if this or an earlier write failed; nothing is left
   */
  commit(): void {
    if (this.#descriptor !== undefined) {
      try {
        this.#flush(this.#descriptor);
        this.#close();
        renameSync(this.#temporaryPath, this.#path);
      } catch (error) {
        this.#fail(error);
      }
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Removes what was written, unless it was committed. */
  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) this.#discard();
  }

  #flush(descriptor: number): void {
    // Given a descriptor, this writes at the current position, and all of it.
    writeFileSync(descriptor, this.#buffer);
    this.#buffer = '';
  }

  #close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    // Never twice: another thread may have got the same number by then.
    this.#descriptor = undefined;
    closeSync(descriptor);
  }

  /** Gives back at once what the file took of a full disk. */
  #fail(error: unknown): void {
    this.#failure = writeError(this.#path, error);
    this.#discard();
  }

  #discard(): void {
    this.#buffer = '';
    try {
      try {
        this.#close();
      } finally {
        rmSync(this.#temporaryPath, { force: true });
      }
    } catch {
      // Nothing more can be done about a file that nobody wants.
    }
  }
}

/**
 * The file to replace. A symbolic link stays, and the file behind it is replaced. A
 * device is refused: the rename would put a file in the place of /dev/null.
 */
function replaceable(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return path;
  if (!stats.isFile()) {
    throw writeError(path, 'something that is not a file is there');
  }
  return realpathSync(path);
}

/** One line for the user, in the words of the system and with its code. */
function writeError(path: string, cause: unknown): FileWriteError {
  return new FileWriteError(`cannot write ${path}: ${reason(cause)}`, {
    cause,
  });
}

function reason(cause: unknown): string {
  const errno =
    cause instanceof Error && 'errno' in cause ? cause.errno : undefined;
  const system =
    typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined;
  return system === undefined
    ? messageOf(cause)
    : `${system[1]} (${system[0]})`;
}
