/* Our own programs, as they are built. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param {string} name */
export const programFile = (name) =>
  new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url);

/**
 * @param {string} name
 * @returns {import('./client.mjs').Client}
 */
const program = (name) => ({
  name,
  usage: '`--max-req`, `--progress none`',
  find() {
    const manifest = new URL('../package.json', programFile(name));
    return {
      version: JSON.parse(readFileSync(manifest, 'utf8')).version,
      command: ({ list, folder, concurrency }) => [
        process.execPath,
        fileURLToPath(programFile(name)),
        '--input',
        list,
        '--output',
        folder,
        '--max-req',
        String(concurrency),
        '--progress',
        'none',
      ],
    };
  },
});

export const programNames = ['flags-async', 'flags-threadpool', 'flags-seq'];

export const programs = programNames.map(program);
