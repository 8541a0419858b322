/* One run of a client: a whole command, into a folder of its own, and what came. */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../run-program.mjs';

const timed = fileURLToPath(new URL('timed.py', import.meta.url));

/** What a user may have set that would send the downloads another way. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name)),
);

/**
 * Downloads the list, and fails unless each file is there in its whole length.
 *
 * @param {import('./rounds.mjs').Column} column
 * @param {object} options
 * @param {Omit<import('./clients/client.mjs').Download, 'concurrency'>} options.download
 *   the folder is made, and removed afterwards
 * @param {readonly import('./site.mjs').SiteFile[]} options.files
 * @param {number} options.limit in seconds
 * @returns {Promise<import('../run-program.mjs').Outcome>}
 */
export async function runDownload(column, { download, files, limit }) {
  const { client, concurrency } = column;
  const command = client.command({ ...download, concurrency });
  mkdirSync(download.folder);
  try {
    // Without what a Python usually imports, which would count as the memory of the command.
    const args = ['-I', '-S', timed, ...command];
    const outcome = await runProgram('python3', args, {
      limit,
      env: environment,
    });
    const reason = whatIsLost(download.folder, files);
    if ('error' in outcome || reason === undefined) return outcome;
    return { error: reason };
  } finally {
    rmSync(download.folder, { recursive: true, maxRetries: 10 });
  }
}

/**
 * @param {string} folder
 * @param {readonly import('./site.mjs').SiteFile[]} files
 */
function whatIsLost(folder, files) {
  const lost = files.filter(
    ({ name, size }) =>
      statSync(join(folder, name), { throwIfNoEntry: false })?.size !== size,
  );
  const [first] = lost;
  if (first === undefined) return undefined;
  return `${String(lost.length)} of ${String(files.length)} files did not come whole, the first is ${first.name}`;
}
