import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const ROUNDS = 300;

/**
 * Makes folder after folder, each at the same moment as the other threads. Its exit
 * code is how many failed.
 */
const MAKER = `
  const { workerData } = require('node:worker_threads');
  const { module, path, rounds, makers, meeting } = workerData;
  import(module).then(({ makeDirectory }) => {
    const arrived = new Int32Array(meeting);
    let failed = 0;
    for (let round = 0; round < rounds; round += 1) {
      Atomics.add(arrived, round, 1);
      while (Atomics.load(arrived, round) < makers);
      try {
        makeDirectory(path + '/' + round + '/a/b/c');
      } catch {
        failed += 1;
      }
    }
    process.exit(failed);
  });
`;

test('two runs may make the same folders at once', async () => {
  await using folder = await temporaryFolder();
  const workerData = {
    module: new URL('../dist/exchange/folders.js', import.meta.url).href,
    path: folder.path,
    rounds: ROUNDS,
    makers: 2,
    meeting: new SharedArrayBuffer(4 * ROUNDS),
  };
  const ends = [1, 2].map(() => {
    const worker = new Worker(MAKER, { eval: true, workerData });
    return new Promise<unknown>((resolve) => {
      worker.once('error', resolve).once('exit', resolve);
    });
  });
  expect(await Promise.all(ends)).toEqual([0, 0]);
  expect(existsSync(join(folder.path, String(ROUNDS - 1), 'a/b/c'))).toBe(true);
});
