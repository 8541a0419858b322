/*
 * V8 writes some objects without asking, and loses what they are: of an Error it
 * keeps message and stack, and what Node.js implements in JavaScript (streams, a
 * Blob) becomes an empty object. They are replaced before it sees them, by views
 * without bytes, since it hands views over to the writer.
 */

/**
 * How deep they are looked for: the elements and properties of the value, and
 * theirs, such as the `reason`s of Promise.allSettled. Deeper, the objects around
 * them would have to be copied together with all that refers to these.
 */
const DEPTH = 2;

/** Longer arrays are not searched: they may consist of holes. */
const MAX_LENGTH = 1_000_000;

/**
 * A copy of the value in which objects are replaced; the value itself if there is
 * nothing to replace. Only arrays and plain objects are searched.
 *
 * @param standInFor gives the object to use in the place of another
 */
export function withStandIns(
  value: unknown,
  standInFor: (object: object) => object | undefined,
  depth = DEPTH,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype && Array.isArray(value)) {
    return depth === 0 ? value : inArray(value, standInFor, depth - 1);
  }
  if (prototype === Object.prototype || prototype === null) {
    return depth === 0 ? value : inProperties(value, standInFor, depth - 1);
  }
  return standInFor(value) ?? value;
}

/** The stand-ins for the objects of one value. */
export class StandIns {
  readonly #standIns = new Map<object, object>();
  readonly #objects = new Map<object, object>();

  /** The same for the same object, so that it arrives as one object. */
  of(object: object): object {
    let standIn = this.#standIns.get(object);
    if (standIn === undefined) {
      standIn = new Uint8Array(0);
      this.#standIns.set(object, standIn);
      this.#objects.set(standIn, object);
    }
    return standIn;
  }

  objectOf(standIn: object): object | undefined {
    return this.#objects.get(standIn);
  }
}

function inArray(
  array: readonly unknown[],
  standInFor: (object: object) => object | undefined,
  depth: number,
): readonly unknown[] {
  if (array.length > MAX_LENGTH) return array;
  let copy: unknown[] | undefined;
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index];
    if (typeof element !== 'object' || element === null) continue;
    const replaced = withStandIns(element, standInFor, depth);
    if (replaced === element) continue;
    copy ??= array.slice(); // keeps the holes
    copy[index] = replaced;
  }
  return copy ?? array;
}

function inProperties(
  object: object,
  standInFor: (object: object) => object | undefined,
  depth: number,
): object {
  let copy: object | undefined;
  for (const key of Object.keys(object)) {
    const value: unknown = Reflect.get(object, key);
    if (typeof value !== 'object' || value === null) continue;
    const replaced = withStandIns(value, standInFor, depth);
    if (replaced === value) continue;
    copy ??= { ...object };
    // Not by assignment: the key may be __proto__.
    Object.defineProperty(copy, key, { value: replaced, enumerable: true });
  }
  return copy ?? object;
}
