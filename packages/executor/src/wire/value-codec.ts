/*
 * Carries arguments and results. The bytes are the same for threads and for
 * processes, so that a value arrives alike on both: a message port would turn a
 * Buffer into a Uint8Array, and send all of the memory that it is a part of.
 */
import { ValueReader, type EncodedValue } from './value-reader.ts';
import { ValueWriter, type EncodeOptions } from './value-writer.ts';

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
  return new ValueWriter(options).write(value);
}

/** @throws what V8 throws for bytes that it cannot read, such as those of too deep objects */
export function decodeValue(encoded: EncodedValue): unknown {
  return new ValueReader(encoded).read();
}
