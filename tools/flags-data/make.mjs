// node make.mjs: writes packages/flags-common/data/flags (see README.md).
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { countries } from './countries.mjs';

// Together these two give the sizes of the book's set of flags: 2.35 MB in all, the largest
// 36 KB. One side for all flags would give the same sum with a few flags of 60 KB.
const LONGEST_SIDE = 670;
const MAX_BYTES = 36_000;

const source = dirname(
  createRequire(import.meta.url).resolve('svg-country-flags/package.json'),
);
const target = fileURLToPath(
  new URL('../../packages/flags-common/data/flags', import.meta.url),
);

/**
 * The flag as a GIF, scaled down until it has at most MAX_BYTES.
 *
 * @param {string} cc lower-case country code
 * @returns {Promise<Buffer>}
 */
async function flagGif(cc) {
  // The PNGs, because sharp refuses some of the package's SVGs.
  const png = await readFile(join(source, 'png1000px', `${cc}.png`));
  for (let side = LONGEST_SIDE; side > 0; side -= 20) {
    const gif = await sharp(png)
      .resize({ width: side, height: side, fit: 'inside' })
      .gif()
      .toBuffer();
    if (gif.length <= MAX_BYTES) return gif;
  }
  throw new Error(`${cc}.gif cannot be made smaller than ${MAX_BYTES} bytes`);
}

/** @type {Record<string, string>} */
const isoNames = JSON.parse(
  await readFile(join(source, 'countries.json'), 'utf8'),
);

// Everything is made before anything is replaced: a failure leaves the old set whole.
const flags = [];
for (const country of countries(isoNames)) {
  const cc = country.iso_cc.toLowerCase();
  flags.push({ cc, country, gif: await flagGif(cc) });
}

await rm(target, { recursive: true, force: true });
for (const { cc, country, gif } of flags) {
  const folder = join(target, cc);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${cc}.gif`), gif);
  await writeFile(
    join(folder, 'metadata.json'),
    `${JSON.stringify(country, null, 2)}\n`,
  );
}

const sizes = flags.map(({ gif }) => gif.length).sort((a, b) => a - b);
const total = sizes.reduce((sum, size) => sum + size, 0);
const kilobytes = (/** @type {number} */ bytes) =>
  `${(bytes / 1000).toFixed(1)} KB`;
console.log(
  `${flags.length} flags in ${relative(process.cwd(), target)}: ` +
    `${(total / 1e6).toFixed(2)} MB in all, ` +
    `${kilobytes(total / flags.length)} on average, ` +
    `${kilobytes(sizes[0])} to ${kilobytes(sizes[sizes.length - 1])}`,
);
