import { isArrayBuffer } from 'node:util/types';
import { MAX_DEPTH, MEMORY, PLAIN, PROTO, Tag } from './plain-values.ts';
import type { EncodedValue } from './encoded-value.ts';
import { copyOf } from './copies.ts';
import { copyOfView, makeView } from './views.ts';

/**
 * Shorter strings are cut out of the text of many bytes. V8 would keep that text for a
 * longer one that is cut out.
 */
const MIN_OWN_LENGTH = 13;
/** So many bytes become text at once: not all, among which there may be long strings. */
const TEXT_BYTES = 8_192;

/**
 * With more properties than that, an object is made as a copy of one that has them: V8
 * makes a dictionary of one that gets them one after the other.
 */
const MAX_ADDED = 12;

interface Shape {
  /** As they were read. */
  readonly keys: readonly string[];
  /** The same, as V8 keeps the keys of objects: with these it need not search for them. */
  known: readonly string[] | undefined;
  /** The first object with this shape, once it has all its values. */
  first: object | undefined;
}

export function isPlain(bytes: Uint8Array): boolean {
  return bytes[0] === PLAIN;
}

/**
 * Reads what writePlain() has written. Bytes from elsewhere make a value or an error, and
 * no more.
 *
 * @throws RangeError if the bytes are none of these
 */
export function readPlain(encoded: EncodedValue): unknown {
  return new PlainReader(encoded).read();
}

class PlainReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #text = '';
  /** Where in the bytes the text begins. */
  #textAt = 0;
  readonly #attached: readonly unknown[] | undefined;
  readonly #shapes: Shape[] = [];
  #at = 1;

  constructor({ bytes, attached }: EncodedValue) {
    const { buffer, byteOffset, byteLength } = bytes;
    this.#attached = attached;
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  read(): unknown {
    const value = this.#value(0);
    if (this.#at !== this.#bytes.length) throw notPlain('there is more');
    return value;
  }

  #value(depth: number): unknown {
    const tag = this.#view.getUint8(this.#at);
    this.#at += 1;
    switch (tag) {
      case Tag.short:
        return this.#short();
      case Tag.integer:
        this.#at += 4;
        return this.#view.getInt32(this.#at - 4);
      case Tag.number:
        return this.#double();
      case Tag.shape:
        return this.#object(depth);
      case Tag.newShape:
        return this.#firstObject(depth);
      case Tag.array:
        return this.#array(depth);
      case Tag.latin1:
        return this.#string('latin1');
      case Tag.utf16:
        return this.#string('utf16le');
      case Tag.text:
        return this.#attachedText();
      case Tag.true:
        return true;
      case Tag.false:
        return false;
      case Tag.null:
        return null;
      case Tag.undefined:
        return undefined;
      case Tag.date:
        return new Date(this.#double());
      case Tag.part:
        return copyOfView(this.#kind(), this.#sized());
      case Tag.whole: {
        const kind = this.#kind();
        const { buffer } = copyOf(this.#sized());
        return viewOn(kind, buffer, 0, buffer.byteLength);
      }
      case Tag.attached:
        return this.#viewOfAttached();
      default:
        throw notPlain(`there is no tag ${String(tag)}`);
    }
  }

  #double(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8);
  }

  #length(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  /** Where the next bytes begin. */
  #skip(length: number): number {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw notPlain('it has no end');
    return start;
  }

  #short(): string {
    const length = this.#view.getUint8(this.#at);
    this.#at += 1;
    const start = this.#skip(length);
    if (length >= MIN_OWN_LENGTH) {
      return this.#bytes.toString('latin1', start, this.#at);
    }
    if (this.#at > this.#textAt + this.#text.length) {
      this.#textAt = start;
      this.#text = this.#bytes.toString('latin1', start, start + TEXT_BYTES);
    }
    return this.#text.slice(start - this.#textAt, this.#at - this.#textAt);
  }

  #string(encoding: 'latin1' | 'utf16le'): string {
    const start = this.#skip(this.#length());
    return this.#bytes.toString(encoding, start, this.#at);
  }

  #attachedText(): string {
    const text = this.#attached?.[this.#length()];
    if (typeof text !== 'string') throw notPlain('its text is missing');
    return text;
  }

  /** Bytes after their length. */
  #sized(): Uint8Array {
    const start = this.#skip(this.#length());
    return this.#bytes.subarray(start, this.#at);
  }

  #viewOfAttached(): object {
    const kind = this.#kind();
    const memory = this.#attached?.[this.#length()];
    if (!isArrayBuffer(memory)) throw notPlain('its memory is missing');
    const byteOffset = this.#double();
    const byteLength = this.#double();
    return viewOn(kind, memory, byteOffset, byteLength);
  }

  #kind(): number {
    this.#at += 1;
    return this.#view.getUint8(this.#at - 1);
  }

  #array(depth: number): unknown[] {
    assertDepth(depth);
    const length = this.#length();
    const array: unknown[] = [];
    for (let index = 0; index < length; index += 1) {
      array.push(this.#value(depth + 1));
    }
    return array;
  }

  #object(depth: number): object {
    assertDepth(depth);
    this.#at += 2;
    const shape = this.#shapes[this.#view.getUint16(this.#at - 2)];
    if (shape === undefined) throw notPlain('a shape is missing');
    const { keys, first } = shape;
    shape.known ??= keys.map(known);
    return this.#fill(
      keys.length > MAX_ADDED && first ? { ...first } : {},
      shape.known,
      depth,
    );
  }

  #firstObject(depth: number): object {
    assertDepth(depth);
    const count = this.#view.getUint8(this.#at);
    this.#at += 1;
    const keys: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const key = this.#value(MAX_DEPTH);
      if (typeof key !== 'string' || key === PROTO) {
        throw notPlain('a key is none');
      }
      keys.push(key);
    }
    const shape: Shape = { keys, known: undefined, first: undefined };
    this.#shapes.push(shape);
    const object = count > MAX_ADDED ? withKeys(keys) : {};
    shape.first = this.#fill(object, keys, depth);
    return object;
  }

  #fill(object: object, keys: readonly string[], depth: number): object {
    const properties = object as Record<string, unknown>;
    for (const key of keys) properties[key] = this.#value(depth + 1);
    return object;
  }
}

/** An array or an object is too deep; a string cannot be. */
function assertDepth(depth: number): void {
  if (depth >= MAX_DEPTH) throw notPlain('it is too deep');
}

function known(key: string): string {
  return Object.keys({ [key]: undefined })[0] ?? key;
}

/** An object that is no dictionary for V8. */
function withKeys(keys: readonly string[]): object {
  const properties = keys.map((key) => `${JSON.stringify(key)}:null`);
  return JSON.parse(`{${properties.join(',')}}`) as object; // it is written so
}

function viewOn(
  kind: number,
  memory: ArrayBuffer,
  byteOffset: number,
  byteLength: number,
): object {
  return kind === MEMORY
    ? memory
    : makeView(kind, memory, byteOffset, byteLength);
}

function notPlain(problem: string): RangeError {
  return new RangeError(`these bytes are no plain data: ${problem}`);
}
