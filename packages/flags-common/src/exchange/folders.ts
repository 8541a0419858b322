import { accessSync, constants, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FileWriteError } from '../errors.ts';

/**
 * Where a run keeps what it knows of a folder, inside that folder:
 *
 *     .downloads/manifest.jsonl   what each URL came to
 *     .downloads/partial/         files that are not whole yet
 */
const RECORDS = '.downloads';

/** Partial files that no other run can continue: `PID-THREAD-NUMBER.part`. */
const PARTIAL = /^(\d+)-\d+-\d+\.part$/;

/** Absolute paths of a folder to download into. */
export interface DownloadFolder {
  readonly directory: string;
  readonly partialFolder: string;
  readonly manifest: string;
}

/**
 * Makes the folder if it is missing, and clears away what runs that were killed
 * left half-written in it.
 *
 * @throws {FileWriteError} if it cannot be made or written
 */
export function prepareFolder(directory: string): DownloadFolder {
  const records = join(directory, RECORDS);
  const partialFolder = join(records, 'partial');
  try {
    makeDirectory(directory);
    // Opening it needs a folder; a file of that name is none.
    readdirSync(directory);
    accessSync(directory, constants.W_OK);
    makeDirectory(partialFolder);
  } catch (error) {
    throw new FileWriteError(directory, error);
  }
  removePartialFiles(partialFolder, isGone);
  return {
    directory,
    partialFolder,
    manifest: join(records, 'manifest.jsonl'),
  };
}

/** Removes what this process has left half-written; nothing of it runs any more. */
export function leaveFolder({ partialFolder }: DownloadFolder): void {
  // The folder stays: another run may be about to write there.
  removePartialFiles(partialFolder, (pid) => pid === process.pid);
}

/**
 * Makes a folder and those above it. Not by mkdir's own `recursive`: that never
 * returns where a file system answers ENOENT although the parent exists, as
 * /proc does.
 */
export function makeDirectory(directory: string): void {
  const failure = makeOne(directory);
  if (failure === undefined) return;
  if (failure.code !== 'ENOENT' || directory === dirname(directory)) {
    throw failure;
  }
  // Another run may make any of them in the meantime, so each is simply tried.
  makeDirectory(dirname(directory));
  const again = makeOne(directory);
  if (again !== undefined) throw again;
}

/** Why a folder is not there now, if so. */
function makeOne(directory: string): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(directory);
  } catch (error) {
    const failure = error as NodeJS.ErrnoException; // mkdirSync throws no other
    if (failure.code !== 'EEXIST') return failure;
  }
  return undefined;
}

function removePartialFiles(
  folder: string,
  isOwner: (pid: number) => boolean,
): void {
  for (const name of readdirSync(folder)) {
    const pid = PARTIAL.exec(name)?.[1];
    if (pid !== undefined && isOwner(Number(pid))) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
