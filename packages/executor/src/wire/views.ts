/*
 * The kinds of views on buffers. A view is written with the number of its kind, so
 * that a Buffer arrives as a Buffer: V8 takes it for a Uint8Array.
 */

interface ViewClass {
  new (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length?: number,
  ): ArrayBufferView;
  readonly name: string;
  readonly BYTES_PER_ELEMENT?: number;
}

const BUFFER = 0;

// Node.js 24 and newer; unknown to the types of es2023.
const float16Array = Reflect.get(globalThis, 'Float16Array') as
  ViewClass | undefined;

/** By kind; both sides run the same Node.js. */
const viewClasses: readonly ViewClass[] = [
  Uint8Array, // for BUFFER
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  ...(float16Array === undefined ? [] : [float16Array]),
];

const kinds = new Map(
  viewClasses.map(({ name }, kind) => [name, kind] as const),
);

// Its accessor tells the class of any typed array, also of a subclass or another realm.
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** @throws TypeError for a view of a kind that is newer than this library */
export function kindOfView(view: ArrayBufferView): number {
  if (Buffer.isBuffer(view)) return BUFFER;
  const name =
    (Reflect.get(typedArray, Symbol.toStringTag, view) as string | undefined) ??
    'DataView';
  const kind = kinds.get(name);
  if (kind === undefined) throw new TypeError(`${name} is unknown`);
  return kind;
}

export function isResizable(buffer: ArrayBufferLike): boolean {
  // Unknown to the types of es2023.
  const { resizable, growable } = buffer as {
    readonly resizable?: boolean;
    readonly growable?: boolean;
  };
  return (resizable ?? false) || (growable ?? false);
}

/** A view on memory of its own, which holds a copy of the bytes. */
export function copyOfView(kind: number, bytes: Uint8Array): ArrayBufferView {
  return kind === BUFFER
    ? Buffer.from(bytes)
    : makeView(kind, new Uint8Array(bytes).buffer, 0, bytes.length);
}

/** @param byteLength left out: the view follows the length of a resizable buffer */
export function makeView(
  kind: number,
  buffer: ArrayBufferLike,
  byteOffset: number,
  byteLength?: number,
): ArrayBufferView {
  const ViewClass = viewClasses[kind];
  if (ViewClass === undefined) {
    throw new RangeError(`there is no kind ${String(kind)} of views`);
  }
  const length =
    byteLength === undefined
      ? undefined
      : byteLength / (ViewClass.BYTES_PER_ELEMENT ?? 1);
  return kind === BUFFER
    ? Buffer.from(buffer, byteOffset, length)
    : new ViewClass(buffer, byteOffset, length);
}
