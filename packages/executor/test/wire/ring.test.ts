import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ringMemory, RingWriter } from '../../src/wire/ring.ts';

/** Longer than a test may take: who is not woken lets it fail. In milliseconds. */
const FOR_EVER = 600_000;

const ring = new URL('../../dist/wire/ring.js', import.meta.url).href;

/** A reader in a thread that tells how often it has slept, and what it has then. */
function startReader(memory: SharedArrayBuffer): Worker {
  return new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.ring).then(({ RingReader }) => {
       const reader = new RingReader(workerData.memory);
       for (;;) {
         reader.sleep(${String(FOR_EVER)});
         if (reader.isEmpty) {
           parentPort.postMessage('woken for something else');
           continue;
         }
         parentPort.postMessage(reader.word(0));
         reader.drop();
       }
     });`,
    { eval: true, workerData: { ring, memory } },
  );
}

/** Whether the reader sleeps is only known by its word, which is not told here. */
async function untilAway(writer: RingWriter): Promise<void> {
  while (!writer.isReaderAway) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a reader that sleeps is woken by a record, and by what is in no record', async () => {
  const memory = ringMemory(4);
  const writer = new RingWriter(memory);
  const worker = startReader(memory);
  try {
    for (let record = 1; record <= 200; record += 1) {
      const told = once(worker, 'message');
      // Mostly it sleeps by then; where it is about to, it finds the record.
      if (record > 1) await untilAway(writer);
      if (record % 2 === 0) {
        writer.wakeReader();
        expect(await told).toEqual(['woken for something else']);
      } else {
        writer.push(record, 0);
        writer.callReader();
        expect(await told).toEqual([record]);
      }
    }
  } finally {
    await worker.terminate();
  }
});
