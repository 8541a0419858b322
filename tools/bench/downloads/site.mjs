import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const flags = fileURLToPath(
  new URL('../../../packages/flags-common/data/flags', import.meta.url),
);

/** So many files have content of their own: 48 MB, more than a cache of a processor has. */
const COPIES = 4_000;

/** What a file takes on a file system at most, on the average, in bytes. */
const BYTES_PER_FILE = 16_384;

/** The path of the files in a URL, and their folder. */
const PATH = 'flags';

/**
 * @typedef {object} SiteFile
 * @property {string} name
 * @property {number} size in bytes
 */

/** The room that so many files need beside one download of them. @param {number} count */
export const roomFor = (count) =>
  (Math.min(count, COPIES) + count) * BYTES_PER_FILE;

/**
 * Makes the files to be downloaded: the flags again and again, under names of their own.
 *
 * @param {string} root
 * @param {number} count
 * @returns {SiteFile[]}
 */
export function makeSite(root, count) {
  const sources = readdirSync(flags).map((code) => {
    const path = join(flags, code, `${code}.gif`);
    return { code, path, size: statSync(path).size };
  });
  const folder = join(root, PATH);
  mkdirSync(folder, { recursive: true });
  /** @type {SiteFile[]} */
  const files = [];
  for (let i = 0; i < count; i += 1) {
    // The flag of a link is that of the copy.
    const source = sources[(i % COPIES) % sources.length];
    if (source === undefined) throw new Error(`there are no flags in ${flags}`);
    const name = `${String(i).padStart(5, '0')}-${source.code}.gif`;
    const copy = files[i - COPIES]?.name;
    if (copy === undefined) copyFileSync(source.path, join(folder, name));
    else linkSync(join(folder, copy), join(folder, name));
    files.push({ name, size: source.size });
  }
  return files;
}

/**
 * Writes the list of URLs of the files: one a line, and as `curl --config` reads it.
 *
 * @param {string} path
 * @param {string} server
 * @param {readonly SiteFile[]} files
 */
export function writeLists(path, server, files) {
  const urls = files.map(({ name }) => `${server}/${PATH}/${name}`);
  const list = `${path}.txt`;
  const curlConfig = `${path}.curl`;
  writeFileSync(list, urls.map((url) => `${url}\n`).join(''));
  writeFileSync(curlConfig, urls.map((url) => `url = "${url}"\n`).join(''));
  return { list, curlConfig };
}
