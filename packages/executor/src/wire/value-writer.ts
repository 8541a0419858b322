import { isArrayBuffer, isSharedArrayBuffer } from 'node:util/types';
import type { Serializer } from 'node:v8';
import type { EncodeOptions } from './encode-options.ts';
import { LARGE_PART, type EncodedValue, type Part } from './encoded-value.ts';
import { encodeThrown, isError, isPrimitive } from './error-codec.ts';
import { lazyV8 } from './lazy-v8.ts';
import { StandIns, withStandIns } from './stand-ins.ts';
import { FOLLOWS_LENGTH, Tag } from './value-reader.ts';
import { isResizable, kindOfView } from './views.ts';

// The types come with those of the DOM; V8 can run without it.
const webAssembly = Reflect.get(globalThis, 'WebAssembly') as
  | { readonly Module: new () => object; readonly Memory: new () => object }
  | undefined;

/** What a message port can carry, though V8 loses it or cannot write it. */
const portOnlyClasses = [Blob, webAssembly?.Module, webAssembly?.Memory].filter(
  (portOnly) => portOnly !== undefined,
);

/** V8's tag before an object that is handed over. */
const HOST_OBJECT = Buffer.from('\\');

const nothing: ReadonlySet<unknown> = new Set();

/** Writes one value; see Tag for what V8 hands over to it. */
export class ValueWriter {
  readonly #v8: Serializer;
  readonly #options: EncodeOptions;
  readonly #shared: boolean;
  readonly #givesParts: boolean;
  /** What is moved, or copied as a whole: views on it remain views on it. */
  readonly #transfer: ReadonlySet<unknown>;
  readonly #attached: unknown[];
  readonly #parts: Part[] = [];
  /** What is moved and has not been found in the value. */
  readonly #missing: Set<unknown> | undefined;
  #standIns: StandIns | undefined;

  constructor(options: EncodeOptions) {
    const { transfer = [], shared = false, parts = false } = options;
    const { DefaultSerializer } = lazyV8();
    this.#v8 = Object.assign(new DefaultSerializer(), {
      // These are called by V8.
      _getDataCloneError: dataCloneError,
      _getSharedArrayBufferId: (buffer: SharedArrayBuffer) =>
        this.#getSharedArrayBufferId(buffer),
      _writeHostObject: (object: object) => {
        this.#writeHostObject(object);
      },
    });
    this.#options = options;
    this.#shared = shared;
    this.#givesParts = parts;
    this.#transfer = transfer.length === 0 ? nothing : new Set(transfer);
    this.#attached = shared ? [...transfer] : [];
    for (const [index, item] of transfer.entries()) {
      if (!isArrayBuffer(item)) (this.#missing ??= new Set()).add(item);
      else if (shared) this.#v8.transferArrayBuffer(index, item);
    }
  }

  /**
   * @throws what a getter in the value throws
   * @throws DataCloneError
   */
  write(value: unknown): EncodedValue {
    this.#v8.writeHeader();
    this.#v8.writeValue(
      withStandIns(value, (object) => this.#standInFor(object)),
    );
    for (const item of this.#missing ?? nothing) {
      // V8 would have made an empty object of a stream, without an error.
      throw dataCloneError(
        `a ${classNameOf(item)} is listed in transfer and was not found: it must be an argument, or an element or a property of one`,
      );
    }
    const bytes = this.#v8.releaseBuffer();
    const attached = this.#attached;
    if (attached.length === 0) return { bytes };
    const parts = this.#parts;
    return parts.length === 0
      ? { bytes, attached }
      : { bytes, attached, parts };
  }

  /** Whether the value can be written; errors in it are left to V8. */
  canWrite(value: unknown): boolean {
    try {
      this.#v8.writeHeader();
      return this.#v8.writeValue(value);
    } catch {
      return false;
    }
  }

  /** V8 then writes its tag of shared memory and the id. */
  #getSharedArrayBufferId(buffer: SharedArrayBuffer): number {
    const index = this.#attach(buffer);
    // Node.js (20 to 24) cannot read what V8 writes, so both become a part of an
    // object that is ours.
    this.#v8.writeRawBytes(HOST_OBJECT);
    this.#v8.writeUint32(Tag.shared);
    return index;
  }

  /** For views, and for objects of Node.js. */
  #writeHostObject(hostObject: object): void {
    const object = this.#standIns?.objectOf(hostObject) ?? hostObject;
    if (ArrayBuffer.isView(object)) {
      this.#writeView(object);
    } else if (isError(object)) {
      this.#v8.writeUint32(Tag.error);
      this.#v8.writeValue(
        encodeThrown(object, {
          display: (value) =>
            !isPrimitive(value) &&
            !new ValueWriter(this.#options).canWrite(value),
        }),
      );
    } else {
      const index = this.#attach(object);
      this.#v8.writeUint32(Tag.attached);
      this.#v8.writeUint32(index);
    }
  }

  #writeView(view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view;
    const kind = kindOfView(view);
    const whole = byteLength === buffer.byteLength;
    const isLarge =
      this.#givesParts &&
      byteLength >= LARGE_PART &&
      !isSharedArrayBuffer(buffer) &&
      !this.#transfer.has(buffer) &&
      !isResizable(buffer);
    if (isLarge && !whole) {
      const standIn = new ArrayBuffer(0);
      this.#addPart(standIn, new Uint8Array(buffer, byteOffset, byteLength));
      this.#v8.writeUint32(Tag.view);
      this.#v8.writeUint32(kind);
      this.#v8.writeDouble(0);
      this.#v8.writeDouble(byteLength);
      this.#v8.writeValue(standIn);
      return;
    }
    if (isLarge && !this.#isPart(buffer)) {
      this.#addPart(buffer, new Uint8Array(buffer));
    }
    if (whole || this.#transfer.has(buffer) || isSharedArrayBuffer(buffer)) {
      this.#v8.writeUint32(Tag.view);
      this.#v8.writeUint32(kind);
      this.#v8.writeDouble(byteOffset);
      // One that fills a resizable buffer is taken for one that follows its length.
      this.#v8.writeDouble(
        whole && isResizable(buffer) ? FOLLOWS_LENGTH : byteLength,
      );
      // The buffer comes last: V8 may take a number after it for its own tag of views.
      this.#v8.writeValue(buffer);
    } else {
      this.#v8.writeUint32(Tag.copy);
      this.#v8.writeUint32(kind);
      this.#v8.writeDouble(byteLength);
      this.#v8.writeRawBytes(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }

  /** From now on V8 writes the index of the part in the place of the buffer. */
  #addPart(buffer: ArrayBufferLike, bytes: Uint8Array): void {
    const index = this.#attached.push(undefined) - 1;
    this.#v8.transferArrayBuffer(index, buffer as ArrayBuffer); // it is not shared
    this.#parts.push({ index, bytes });
  }

  #isPart(buffer: ArrayBufferLike): boolean {
    return this.#parts.some(
      ({ bytes }) =>
        bytes.buffer === buffer && bytes.length === buffer.byteLength,
    );
  }

  /** The index under which the message port is given the object. */
  #attach(object: object): number {
    if (!this.#shared) {
      throw dataCloneError(
        `a ${classNameOf(object)} cannot be sent to another process: send a copy of what is in it, or use ThreadPoolExecutor`,
      );
    }
    this.#missing?.delete(object);
    const index = this.#attached.indexOf(object);
    if (index !== -1) return index;
    // Refuses here, and not when the message is sent, what can only be moved.
    if (!isSharedArrayBuffer(object)) structuredClone(object);
    return this.#attached.push(object) - 1;
  }

  #standInFor(object: object): object | undefined {
    return isError(object) ||
      (this.#missing?.has(object) ?? false) ||
      portOnlyClasses.some((portOnly) => object instanceof portOnly)
      ? (this.#standIns ??= new StandIns()).of(object)
      : undefined;
  }
}

function classNameOf(value: unknown): string {
  return (Object(value) as object).constructor.name;
}

/** The error that structuredClone and postMessage throw. */
function dataCloneError(message: string): DOMException {
  return new DOMException(message, 'DataCloneError');
}
