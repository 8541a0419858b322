import { randomBytes, randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../src/wire/frames.ts';
import type { HostMessage, WorkerMessage } from '../../src/wire/protocol.ts';
import { decodeValue, encodeValue } from '../../src/wire/value-codec.ts';

const codec = () => ({ decodeValue, encodeValue });

const noCodec = (): never => {
  throw new Error('no codec is needed');
};

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
  const stream = Buffer.concat(messages.flatMap((m) => encodeFrame(m, codec)));
  for (const largest of [1, 3, 100, 65_536, stream.length]) {
    const decoder = new FrameDecoder(codec);
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
  const frame = encodeFrame(
    {
      type: 'resolved',
      id: 7,
      body: { bytes },
      retire: false,
      times: undefined,
    },
    codec,
  );
  const [message] = new FrameDecoder(codec).push(Buffer.concat(frame));
  expect(message).toMatchObject({ type: 'resolved', id: 7, body: { bytes } });
});

test('only a head that is not plain needs the codec', () => {
  const run = (args: readonly unknown[]): HostMessage => ({
    type: 'run',
    number: 0,
    task: { module: 'file:///tasks.mjs', name: 'task' },
    id: 7,
    kind: 'single',
    room: 0,
    place: 3,
    attempt: 1,
    isTimed: false,
    args,
  });
  const plain = run(['text', 1.5, null, undefined, true, NaN]);
  const [arrived] = new FrameDecoder(noCodec).push(
    Buffer.concat(encodeFrame(plain, noCodec)),
  );
  expect(arrived).toEqual(plain);

  const other = run([2n ** 60n]);
  expect(() => encodeFrame(other, noCodec)).toThrow('no codec is needed');
  const [otherArrived] = new FrameDecoder(codec).push(
    Buffer.concat(encodeFrame(other, codec)),
  );
  expect(otherArrived).toEqual(other);
});
