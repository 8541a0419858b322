import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { FileWriteError } from './errors.ts';

// All of this is synchronous: for files of a few kilobytes that is several times
// faster than a trip through the thread pool, and between two turns of the event
// loop no file is half-written.

/** Partial files of this process, of any of its threads. */
const PARTIAL = new RegExp(`^\\..*\\.${String(process.pid)}-\\d+\\.part$`);

/**
 * Makes the folder if it is missing.
 *
 * @throws {FileWriteError} if it cannot be made or written
 */
export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    // Opening it needs a folder; a file of that name is none.
    readdirSync(directory);
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new FileWriteError(directory, error);
  }
}

/**
 * Makes a folder and those above it. Not by mkdir's own `recursive`: that never
 * returns where a file system answers ENOENT although the parent exists, as
 * /proc does.
 */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    const code = error instanceof Error && 'code' in error && error.code;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(directory))) throw error;
    makeDirectory(dirname(directory));
    mkdirSync(directory);
  }
}

/**
 * Saves a picture as `NAME.gif`, whole or not at all: it is written under a
 * temporary name in the same folder and then renamed. Characters of `name` that
 * some file system refuses are replaced, path separators among them, so that
 * nothing leaves the folder.
 *
 * @throws {FileWriteError} if the disk is full, the folder not writable, …
 */
export function saveFlag(
  directory: string,
  name: string,
  image: Uint8Array,
): void {
  const fileName = `${safeFileName(name)}.gif`;
  const path = join(directory, fileName);
  // A thread saves one file at a time, so its partial file is its own.
  const partial = join(
    directory,
    `.${fileName}.${String(process.pid)}-${String(threadId)}.part`,
  );
  try {
    writeFileSync(partial, image);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new FileWriteError(path, error);
  }
}

/** Removes what the terminated workers of this process left half-written. */
export function removePartialFiles(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (PARTIAL.test(name)) rmSync(join(directory, name), { force: true });
  }
}

/** File systems take names of 255 bytes; a code point is at most four. */
const MAX_NAME_LENGTH = 50;

function safeFileName(name: string): string {
  const safe = name
    .replace(/[<>:"/\\|?*\p{Cc}]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_');
  return Array.from(safe).slice(0, MAX_NAME_LENGTH).join('');
}
