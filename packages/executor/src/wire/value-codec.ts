/*
 * Carries arguments and results. The bytes are the same for threads and for
 * processes, so that a value arrives alike on both: a message port would turn a
 * Buffer into a Uint8Array, and send all of the memory that it is a part of.
 */
import { isArrayBuffer } from 'node:util/types';
import type { EncodeOptions } from './encode-options.ts';
import type { EncodedValue } from './encoded-value.ts';
import { weighMovedMemory } from './moved-memory.ts';
import { isPlain, readPlain } from './plain-reader.ts';
import { writePlain } from './plain-writer.ts';
import { readValue } from './value-reader.ts';
import { ValueWriter } from './value-writer.ts';

export type { EncodedValue, EncodeOptions };

/**
 * @throws what a getter in the value throws
 * @throws DOMException with the name DataCloneError if something in the value
 *   cannot be carried
 */
export function encodeValue(
  value: unknown,
  options: EncodeOptions = {},
): EncodedValue {
  return writePlain(value, options) ?? new ValueWriter(options).write(value);
}

/** @throws for bytes that cannot be read, such as those of objects that are too deep for V8 */
export function decodeValue(encoded: EncodedValue): unknown {
  if (encoded.attached?.some(isArrayBuffer) === true) weighMovedMemory();
  return isPlain(encoded.bytes) ? readPlain(encoded) : readValue(encoded);
}
