import { isArrayBuffer, isDate, isProxy } from 'node:util/types';
import type { EncodeOptions } from './encode-options.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { MAX_ENCODED } from './lane.ts';
import { MAX_DEPTH, MEMORY, PLAIN, PROTO, Tag } from './plain-values.ts';
import { SeenObjects } from './seen-objects.ts';
import { LARGE_PART, type EncodedValue, type Part } from './encoded-value.ts';
import { isResizable, kindOfView } from './views.ts';

/** Longer strings are written by a call into Node.js, which takes as long as so many characters. */
const MAX_SHORT = 64;
/** A message port, or the text area of a lane, carries longer ones with fewer copies. */
const LONG_TEXT = MAX_ENCODED;
/** V8 need not look at the characters if it has a byte for each. */
const notLatin1 = /[^\0-\xff]/;

/**
 * A longer array is left to V8, which is as fast then: to make sure that it has neither holes
 * nor properties takes a string for each element.
 */
const MAX_LENGTH = 1_024;
/** An object that is used as a dictionary has keys that no other one has. */
const MAX_KEYS = 255;
const MAX_SHAPES = 65_535;
/** So many shapes are compared with the keys of an object. */
const RECENT_SHAPES = 8;

/** A larger buffer is not kept for the next value. */
const MAX_KEPT_BYTES = 2 ** 20;

/** What the longest value takes that is not looked at for its length. */
const MAX_FIXED_BYTES = 2 + MAX_SHORT;

let spare: PlainWriter | undefined;

/**
 * Undefined if the value is not plain data; see plain-values.ts.
 *
 * @throws what a getter in the value throws
 */
export function writePlain(
  value: unknown,
  options: EncodeOptions = {},
): EncodedValue | undefined {
  if (typeof value !== 'object' && typeof value !== 'string') return undefined; // V8 is as fast
  const { transfer = [] } = options;
  if (!transfer.every(isArrayBuffer)) return undefined;
  // A getter in the value may submit another task: that one gets a writer of its own.
  const writer = spare ?? new PlainWriter();
  spare = undefined;
  const encoded = writer.write(value, options);
  if (writer.size <= MAX_KEPT_BYTES) spare = writer;
  return encoded;
}

/** Writes one value after the other into its buffer, and gives a copy of each. */
class PlainWriter {
  readonly #bytes = new GrowingBytes();
  readonly #seen = new SeenObjects();
  /** The keys of each shape. */
  #shapes: (readonly string[])[] = [];
  #options: EncodeOptions = {};
  #attached: unknown[] | undefined;
  #parts: Part[] | undefined;

  get size(): number {
    return this.#bytes.size;
  }

  write(value: unknown, options: EncodeOptions): EncodedValue | undefined {
    const { transfer = [], shared = false } = options;
    this.#bytes.clear();
    this.#bytes.uint8(PLAIN);
    this.#options = options;
    if (shared && transfer.length > 0) this.#attached = [...transfer];
    try {
      return this.#value(value, 0) ? this.#written() : undefined;
    } finally {
      this.#seen.clear();
      this.#shapes = [];
      this.#options = {};
      this.#attached = undefined;
      this.#parts = undefined;
    }
  }

  #written(): EncodedValue {
    const bytes = this.#bytes.copy();
    const attached = this.#attached;
    const parts = this.#parts;
    if (attached === undefined) return { bytes };
    return parts === undefined
      ? { bytes, attached }
      : { bytes, attached, parts };
  }

  /** False if it is not plain. */
  #value(value: unknown, depth: number): boolean {
    this.#bytes.reserve(MAX_FIXED_BYTES);
    switch (typeof value) {
      case 'string':
        this.#string(value);
        return true;
      case 'number':
        this.#number(value);
        return true;
      case 'boolean':
        this.#bytes.uint8(value ? Tag.true : Tag.false);
        return true;
      case 'undefined':
        this.#bytes.uint8(Tag.undefined);
        return true;
      case 'object':
        if (value !== null) return this.#object(value, depth);
        this.#bytes.uint8(Tag.null);
        return true;
      default:
        return false;
    }
  }

  #number(value: number): void {
    const isInteger = (value | 0) === value && !Object.is(value, -0);
    this.#bytes.uint8(isInteger ? Tag.integer : Tag.number);
    if (isInteger) {
      this.#bytes.int32(value);
    } else {
      this.#bytes.double(value);
    }
  }

  #string(text: string): void {
    if (text.length <= MAX_SHORT && this.#bytes.short(Tag.short, text)) return;
    if (this.#options.shared === true && text.length >= LONG_TEXT) {
      this.#bytes.uint8(Tag.text);
      this.#bytes.uint32((this.#attached ??= []).push(text) - 1);
      return;
    }
    // Not UTF-8: that takes ten times as long to write and to read where it is not ASCII.
    const isWide = notLatin1.test(text);
    const length = isWide ? 2 * text.length : text.length;
    this.#bytes.reserve(5 + length);
    this.#bytes.uint8(isWide ? Tag.utf16 : Tag.latin1);
    this.#bytes.uint32(length);
    this.#bytes.text(text, isWide ? 'utf16le' : 'latin1');
  }

  #object(object: object, depth: number): boolean {
    // To look at a proxy would run its code.
    if (depth === MAX_DEPTH || isProxy(object)) return false;
    if (!this.#seen.add(object)) return false; // it is in the value twice
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return this.#properties(object, depth);
    if (prototype === Array.prototype && Array.isArray(object)) {
      return this.#elements(object, depth);
    }
    if (prototype === Date.prototype && isDate(object)) {
      this.#bytes.uint8(Tag.date);
      this.#bytes.double(object.getTime());
      return true;
    }
    if (isArrayBuffer(object)) {
      return this.#memory(object, MEMORY, 0, object.byteLength);
    }
    if (!ArrayBuffer.isView(object)) return false;
    const { buffer, byteOffset, byteLength } = object;
    return (
      isArrayBuffer(buffer) &&
      this.#memory(buffer, kindOfView(object), byteOffset, byteLength)
    );
  }

  /** The memory of a view, or all of it: moved, as a part, or a copy. */
  #memory(
    buffer: ArrayBuffer,
    kind: number,
    byteOffset: number,
    byteLength: number,
  ): boolean {
    // A detached one has no bytes, and is an error.
    if (buffer.byteLength === 0 || isResizable(buffer)) return false;
    const { transfer = [], shared = false, parts = false } = this.#options;
    const isPart = byteLength < buffer.byteLength;
    const index = transfer.indexOf(buffer);
    if (isPart && index >= 0 && !shared) return false; // all of it is to be copied
    // A view on a part arrives with memory of its own; others would share theirs.
    const isAlone = kind === MEMORY || (isPart && index === -1);
    if (!isAlone && !this.#seen.add(buffer)) return false;
    if (index >= 0 && shared) {
      return this.#attachedView(kind, index, byteOffset, byteLength);
    }
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    if (byteLength < LARGE_PART) {
      return this.#copy(isPart ? Tag.part : Tag.whole, kind, bytes);
    }
    return parts && this.#part(kind, bytes);
  }

  #copy(tag: number, kind: number, bytes: Uint8Array): true {
    this.#bytes.reserve(6 + bytes.length);
    this.#bytes.uint8(tag);
    this.#bytes.uint8(kind);
    this.#bytes.uint32(bytes.length);
    this.#bytes.bytes(bytes);
    return true;
  }

  #part(kind: number, bytes: Uint8Array): true {
    const index = (this.#attached ??= []).push(undefined) - 1;
    (this.#parts ??= []).push({ index, bytes });
    return this.#attachedView(kind, index, 0, bytes.length);
  }

  #attachedView(
    kind: number,
    index: number,
    byteOffset: number,
    byteLength: number,
  ): true {
    this.#bytes.uint8(Tag.attached);
    this.#bytes.uint8(kind);
    this.#bytes.uint32(index);
    this.#bytes.double(byteOffset);
    this.#bytes.double(byteLength);
    return true;
  }

  #elements(array: readonly unknown[], depth: number): boolean {
    const { length } = array;
    if (length > MAX_LENGTH) return false;
    // Holes have no keys, and other properties come last.
    const keys = Object.keys(array);
    if (keys.length !== length) return false;
    if (length > 0 && keys[length - 1] !== String(length - 1)) return false;
    this.#bytes.uint8(Tag.array);
    this.#bytes.uint32(length);
    for (let index = 0; index < length; index += 1) {
      if (!this.#value(array[index], depth + 1)) return false;
    }
    return true;
  }

  #properties(object: object, depth: number): boolean {
    const keys = Object.keys(object);
    if (!this.#keys(keys)) return false;
    for (const key of keys) {
      // An object without a class has no other type.
      const value = (object as Readonly<Record<string, unknown>>)[key];
      if (!this.#value(value, depth + 1)) return false;
    }
    return true;
  }

  #keys(keys: readonly string[]): boolean {
    const shapes = this.#shapes;
    const last = shapes.length - 1;
    const end = Math.max(last - RECENT_SHAPES, -1);
    for (let shape = last; shape > end; shape -= 1) {
      if (!areSame(shapes[shape] ?? [], keys)) continue;
      this.#bytes.uint8(Tag.shape);
      this.#bytes.uint16(shape);
      return true;
    }
    if (keys.length > MAX_KEYS || shapes.length === MAX_SHAPES) return false;
    shapes.push(keys);
    this.#bytes.uint8(Tag.newShape);
    this.#bytes.uint8(keys.length);
    return keys.every(
      (key) => key !== PROTO && this.#value(key, MAX_DEPTH), // a string has no depth
    );
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  // The keys of an object: they are compared by their addresses.
  for (let index = 0; index < some.length; index += 1) {
    if (some[index] !== others[index]) return false;
  }
  return true;
}
