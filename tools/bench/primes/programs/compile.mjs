import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compiles a file of `c/`; undefined if there is no gcc, or not what the file includes.
 *
 * @param {string} name
 * @param {string} folder where the program goes
 * @param {readonly string[]} libraries
 */
export function compile(name, folder, libraries) {
  const source = fileURLToPath(new URL(`c/${name}.c`, import.meta.url));
  const program = join(folder, name);
  const { status } = spawnSync('gcc', [
    '-O2',
    source,
    '-o',
    program,
    ...libraries.map((library) => `-l${library}`),
  ]);
  return status === 0 ? program : undefined;
}
