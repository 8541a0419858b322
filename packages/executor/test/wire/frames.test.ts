import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/wire/frames.ts';
import type { WorkerMessage } from '../../src/wire/protocol.ts';

test('messages survive any cutting of the stream', () => {
  const messages = Array.from({ length: 200 }, (_, id): WorkerMessage => {
    if (id % 5 === 0) return { type: 'aborting', id };
    const length = randomInt(0, id % 100 === 1 ? 70_000 : 50);
    return {
      type: 'resolved',
      id,
      body: { bytes: randomBytes(length) },
      retire: false,
      times: undefined,
    };
  });
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

test('a message can be read whatever its body is', () => {
  const bytes = Buffer.alloc(100, 0xfe);
  const frame = encodeFrame({
    type: 'resolved',
    id: 7,
    body: { bytes },
    retire: false,
    times: undefined,
  });
  const [message] = new FrameDecoder().push(Buffer.concat(frame));
  expect(message).toMatchObject({ type: 'resolved', id: 7, body: { bytes } });
});
