import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

const [list = '', folder = '', concurrency = ''] = process.argv.slice(2);

/** How many downloads run at a time. */
export const CONCURRENCY = Number(concurrency);

/**
 * Downloads the URLs of the list LIST into the folder FOLDER.
 *
 * @param {(url: string) => Promise<Uint8Array>} get rejects unless the status is 200
 */
export async function downloadAll(get) {
  const urls = createInterface({ input: createReadStream(list) })[
    Symbol.asyncIterator
  ]();
  const downloadRest = async () => {
    for (;;) {
      const { value: url, done } = await urls.next();
      if (done) return;
      await writeFile(join(folder, basename(url)), await get(url));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, downloadRest));
}
