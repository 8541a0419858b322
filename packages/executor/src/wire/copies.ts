import type { EncodedValue } from './encoded-value.ts';

/** The value with copies of the memory of its parts, for who cannot send it at once. */
export function withOwnParts(value: EncodedValue): EncodedValue {
  const parts = value.parts?.map(({ index, bytes }) => ({
    index,
    bytes: copyOf(bytes),
  }));
  return parts === undefined ? value : { ...value, parts };
}

/** The value as it is to arrive, and the copies of its parts, which can be moved. */
export function withCopies(value: EncodedValue): {
  readonly value: EncodedValue;
  readonly copies: readonly ArrayBuffer[];
} {
  const { bytes, attached = [], parts } = value;
  if (parts === undefined) return { value, copies: [] };
  const all = [...attached];
  const copies = parts.map((part) => {
    const { buffer } = copyOf(part.bytes);
    all[part.index] = buffer;
    return buffer;
  });
  return { value: { bytes, attached: all }, copies };
}

/** How many bytes it has, with those of its parts and texts; not those that are moved. */
export function sizeOf({ bytes, attached, parts = [] }: EncodedValue): number {
  if (attached === undefined) return bytes.length;
  let size = bytes.length;
  for (const part of parts) size += part.bytes.length;
  for (const item of attached)
    if (typeof item === 'string') size += item.length;
  return size;
}

/** Whether there is nothing in it that only a message port can carry. */
export function isAllBytes({
  attached = [],
  parts = [],
}: EncodedValue): boolean {
  return attached.length === parts.length;
}

/** To fill less with zeros takes less than what it takes to ask for other memory. */
const WORTH_ASKING = 16_384;

/** Memory of its own, which is not filled with zeros first if that takes long. */
export function ownMemory(length: number): Uint8Array<ArrayBuffer> {
  if (length < WORTH_ASKING) return new Uint8Array(length);
  // Not a view on the Buffer itself: that one would arrive as a Buffer.
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Not a view: V8 reads from memory of this side only, and what is moved takes all of it. */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = ownMemory(bytes.length);
  copy.set(bytes);
  return copy;
}
