import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/wire/frames.ts';

test('messages survive any cutting of the stream', () => {
  const messages = Array.from({ length: 200 }, (_, id) => ({
    id,
    payload: new Uint8Array(
      randomBytes(randomInt(0, id % 100 === 0 ? 70_000 : 50)),
    ),
  }));
  const stream = Buffer.concat(messages.flatMap((m) => encodeFrame(m)));
  for (const largest of [1, 3, 100, 65_536, stream.length]) {
    const decoder = new FrameDecoder();
    const arrived: unknown[] = [];
    let at = 0;
    // Single bytes for the whole stream would be slow; the start shows the same.
    const end = largest < 100 ? 2_000 : stream.length;
    while (at < end) {
      const size = Math.min(randomInt(1, largest + 1), end - at);
      arrived.push(...decoder.push(stream.subarray(at, at + size)));
      at += size;
    }
    if (end < stream.length)
      arrived.push(...decoder.push(stream.subarray(end)));
    expect(arrived).toEqual(messages);
  }
});

test('what cannot be serialized throws and writes nothing', () => {
  expect(() => encodeFrame({ run: () => 1 })).toThrow(/could not be cloned/);
});
