import { isArrayBuffer } from 'node:util/types';
import type { Deserializer } from 'node:v8';
import type { EncodedValue } from './encoded-value.ts';
import { decodeThrown, type EncodedThrown } from './error-codec.ts';
import { lazyV8 } from './lazy-v8.ts';
import { copyOfView, makeView } from './views.ts';

/**
 * What stands in the bytes for an object that V8 does not write itself.
 *
 * | tag      | followed by                        | for                                       |
 * | -------- | ---------------------------------- | ----------------------------------------- |
 * | copy     | kind of view, length, bytes        | a view on a part of a buffer              |
 * | view     | kind of view, place, the buffer    | a view on a whole, moved or shared buffer |
 * | attached | index                              | what only a message port can carry        |
 * | shared   | V8's tag of shared memory, index   | a SharedArrayBuffer                       |
 * | error    | the encoded error                  | an Error, see stand-ins.ts                |
 */
export const Tag = {
  copy: 0,
  view: 1,
  attached: 2,
  shared: 3,
  error: 4,
} as const;

/** In the place of its length: the view follows the length of a resizable buffer. */
export const FOLLOWS_LENGTH = -1;

type CalledByV8 = Deserializer & { _readHostObject?: () => unknown };

/** @throws what V8 throws */
export function readValue({ bytes, attached = [] }: EncodedValue): unknown {
  const { DefaultDeserializer } = lazyV8();
  const reader: CalledByV8 = new DefaultDeserializer(bytes);
  reader._readHostObject = () => readHostObject(reader, attached);
  for (const [index, item] of attached.entries()) {
    if (isArrayBuffer(item)) reader.transferArrayBuffer(index, item);
  }
  reader.readHeader();
  return reader.readValue() as unknown;
}

function readHostObject(
  reader: Deserializer,
  attached: readonly unknown[],
): unknown {
  const tag = reader.readUint32();
  switch (tag) {
    case Tag.copy:
      return copyOfView(
        reader.readUint32(),
        reader.readRawBytes(reader.readDouble()),
      );
    case Tag.view: {
      const kind = reader.readUint32();
      const byteOffset = reader.readDouble();
      const byteLength = reader.readDouble();
      const buffer = reader.readValue() as ArrayBufferLike; // a view is written so
      return makeView(
        kind,
        buffer,
        byteOffset,
        byteLength === FOLLOWS_LENGTH ? undefined : byteLength,
      );
    }
    case Tag.attached:
      return attached[reader.readUint32()];
    case Tag.shared:
      reader.readUint32(); // V8's tag; see ValueWriter
      return attached[reader.readUint32()];
    case Tag.error:
      return decodeThrown(reader.readValue() as EncodedThrown); // an error is written so
    default:
      throw new RangeError(`there is no tag ${String(tag)} in values`);
  }
}
