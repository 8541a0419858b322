import { deserialize, serialize } from 'node:v8';
import type { Transferable } from 'node:worker_threads';

export interface EncodedValue {
  readonly bytes: Uint8Array;
  readonly attached?: readonly unknown[];
}
export interface EncodeOptions {
  readonly transfer?: readonly Transferable[];
  readonly shared?: boolean;
}
export function encodeValue(
  value: unknown,
  _options: EncodeOptions = {},
): EncodedValue {
  return { bytes: serialize(value) };
}
export function decodeValue(encoded: EncodedValue): unknown {
  return deserialize(encoded.bytes) as unknown;
}
