/*
 * `npm run memory`: how much memory each flags program takes for lists of 10,000,
 * 100,000 and 1,000,000 URLs, and how soon it has the first file.
 *
 * One in a hundred URLs has a file, the others are not found: a million files would
 * measure the disk. Peaks are those of the process (maxRSS), which Node.js tells on
 * every platform.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const PROGRAMS = ['flags-seq', 'flags-threadpool', 'flags-async'];
const LENGTHS = [10_000, 100_000, 1_000_000];

/**
 * Megabytes that a million URLs may take above 100,000, in which the heaps have grown to
 * what they need. The names of a million files take 34 MB, 16 bytes a slot of a table that
 * is at most three quarters full; garbage that has not been collected takes the rest.
 */
const MAX_GROWTH = 70;

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const peakReport = new URL('./report-peak.mjs', import.meta.url).href;
const folder = await mkdtemp(join(tmpdir(), 'flags-memory-'));
const server = createServer((request, response) => {
  if (request.url?.endsWith('00')) response.end('GIF89a');
  else response.writeHead(404).end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;

/** @param {number} length */
async function writeList(length) {
  const path = join(folder, `${length}.txt`);
  const file = createWriteStream(path);
  for (let index = 0; index < length; index += 1) {
    const line = `http://127.0.0.1:${port}/flags/of/no/country/${index}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return path;
}

/**
 * @param {string} program
 * @param {string} list
 */
async function run(program, list) {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      peakReport,
      join(root, 'apps', program, 'dist', 'main.js'),
      ...['--input', list, '--output', join(folder, 'out'), '-m', '32'],
      ...['--progress', 'codes'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let first = 0;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output = (output + text).slice(-500);
    if (first === 0 && /\b\d+00 /.test(output)) {
      first = performance.now() - start;
    }
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  const megabytes = Number(/peak (\d+) KB/.exec(errors)?.[1]) / 1024;
  const found = Number(/(\d+) files downloaded/.exec(output)?.[1]);
  await rm(join(folder, 'out'), { recursive: true });
  return { megabytes, first, seconds, found };
}

let grown = false;
try {
  console.log('program           URLs       peak MB  first file s  all s');
  for (const program of PROGRAMS) {
    let usual = Infinity;
    for (const length of LENGTHS) {
      const list = await writeList(length);
      // The numbers that end with 00.
      const expected = length / 100 - 1;
      const { megabytes, first, seconds, found } = await run(program, list);
      console.log(
        program.padEnd(18) +
          String(length).padEnd(11) +
          megabytes.toFixed(0).padStart(7) +
          (first / 1000).toFixed(2).padStart(14) +
          seconds.toFixed(1).padStart(7),
      );
      if (found !== expected) {
        throw new Error(`${program} has found ${found} of ${expected} files`);
      }
      if (length === 100_000) usual = megabytes;
      if (!(megabytes - usual <= MAX_GROWTH)) grown = true;
    }
  }
} finally {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
}
if (grown) {
  console.error(`memory grew by more than ${MAX_GROWTH} MB`);
  process.exitCode = 1;
}
