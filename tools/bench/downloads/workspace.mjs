import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';

/**
 * A temporary folder that goes when this program ends: in memory, so that no disk is
 * measured, if there is room.
 *
 * @param {number} bytes
 */
export function makeWorkspace(bytes) {
  const inMemory = hasRoom(MEMORY, bytes);
  const folder = mkdtempSync(join(inMemory ? MEMORY : tmpdir(), 'downloads-'));
  process.on('exit', () => {
    // A program that has just been ended may still be writing its last file.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  chmodSync(folder, 0o755); // for the workers of nginx, see there
  return { folder, inMemory };
}

/** @param {string} folder @param {number} bytes */
function hasRoom(folder, bytes) {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= bytes;
  } catch {
    return false; // there is no such folder
  }
}
