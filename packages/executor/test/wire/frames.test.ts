import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/wire/frames.ts';

test('messages survive any cutting of the stream', () => {
  const read = (decoder: FrameDecoder, chunk: Buffer): unknown[] =>
    [...decoder.push(chunk)].map((frame) => frame.read());
  const messages = Array.from({ length: 200 }, (_, id) => ({
    type: 'resolved' as const,
    id,
    value: new Uint8Array(
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
      arrived.push(...read(decoder, stream.subarray(at, at + size)));
      at += size;
    }
    if (end < stream.length)
      arrived.push(...read(decoder, stream.subarray(end)));
    expect(arrived).toEqual(messages);
  }
});

test('what cannot be serialized throws and writes nothing', () => {
  expect(() =>
    encodeFrame({ type: 'resolved', id: 1, value: () => 1 }),
  ).toThrow(/could not be cloned/);
});

test('a body that cannot be read has an id all the same', () => {
  const [header, body] = encodeFrame({
    type: 'resolved',
    id: 7,
    value: 1,
  });
  const damaged = Buffer.alloc(body?.length ?? 0, 0xfe);
  const stream = Buffer.concat([header ?? damaged, damaged]);
  const [frame] = new FrameDecoder().push(stream);
  expect(frame?.id).toBe(7);
  expect(() => frame?.read()).toThrow();
});
