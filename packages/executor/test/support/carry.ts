/*
 * Carries values as the backends do: over a message port, in frames with large buffers
 * beside them, or as bytes of which nothing else is known on the other side.
 */
import assert from 'node:assert/strict';
import {
  MessageChannel,
  receiveMessageOnPort,
  type Transferable,
} from 'node:worker_threads';
import { withCopies } from '../../src/wire/copies.ts';
import { encodeFrame, FrameDecoder } from '../../src/wire/frames.ts';
import {
  decodeValue,
  encodeValue,
  type EncodedValue,
} from '../../src/wire/value-codec.ts';

export const modes = ['thread', 'process', 'machine'] as const;
export type Mode = (typeof modes)[number];

/** What arrives of the value. */
export function carry(
  value: unknown,
  mode: Mode,
  transfer: readonly Transferable[] = [],
): unknown {
  const encoded = encodeValue(value, {
    transfer,
    shared: mode === 'thread',
    parts: mode !== 'machine',
  });
  switch (mode) {
    case 'thread':
      return decodeValue(post(encoded, transfer));
    case 'process':
      return decodeValue(frame(encoded));
    case 'machine':
      return decodeValue(pipe(encoded));
  }
}

function post(
  encoded: EncodedValue,
  transfer: readonly Transferable[],
): EncodedValue {
  const { port1, port2 } = new MessageChannel();
  const { value, copies } = withCopies(encoded);
  const bytes = value.bytes.buffer as ArrayBuffer;
  port1.postMessage(value, [bytes, ...copies, ...transfer]);
  const received = receiveMessageOnPort(port2) as { message: EncodedValue };
  port1.close();
  return received.message;
}

function frame(body: EncodedValue): EncodedValue {
  const codec = () => ({ decodeValue, encodeValue });
  const sections = encodeFrame({ type: 'yielded', id: 1, body }, codec);
  const [message] = new FrameDecoder(codec).push(Buffer.concat(sections));
  return (message as { body: EncodedValue }).body;
}

function pipe(encoded: EncodedValue): EncodedValue {
  assert.equal(encoded.attached, undefined);
  // Somewhere in a chunk of the stream, so that nothing is aligned.
  const chunk = Buffer.concat([Buffer.alloc(9, 0xff), encoded.bytes]);
  return { bytes: chunk.subarray(9) };
}

/**
 * Fails unless both values are deeply equal, with classes, holes and -0, and
 * objects that are one object in the first are one object in the second.
 */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected);
  const counterparts = new Map<unknown, unknown>();
  const pending: [unknown, unknown][] = [[actual, expected]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (typeof right !== 'object' || right === null) continue;
    const known = [counterparts.get(left), counterparts.get(right)];
    if (known.some((counterpart) => counterpart !== undefined)) {
      assert.ok(known[0] === right && known[1] === left, 'other references');
      continue;
    }
    counterparts.set(left, right).set(right, left);
    const lefts = parts(left as object);
    parts(right).forEach((part, index) => pending.push([lefts[index], part]));
  }
}

/** What an object refers to. */
function parts(object: object): unknown[] {
  if (object instanceof Map) return [...object].flat();
  if (object instanceof Set) return [...object];
  if (!ArrayBuffer.isView(object)) return Object.values(object) as unknown[];
  // A Buffer may lie anywhere in a pool; other memory is shared or it is not.
  return Buffer.isBuffer(object) && object.length < object.buffer.byteLength
    ? []
    : [object.buffer];
}
