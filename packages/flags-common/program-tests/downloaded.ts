import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * The files that a program has saved in the folder `downloaded` of a folder, and
 * whatever it has left half-written; without the manifest.
 */
export async function downloaded(
  folder: string,
  name = 'downloaded',
): Promise<string[]> {
  const directory = join(folder, name);
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => path !== join('.downloads', 'manifest.jsonl'))
    .sort();
}
