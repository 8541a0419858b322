import type { Mode } from './carry.ts';

/** A random graph of values, with cycles; shared memory in it only for a thread. */
export function randomValue(seed: number, mode: Mode): unknown {
  const random = generator(seed);
  const integer = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[integer(items.length)] as T;
  const times = <T>(limit: number, make: () => T): T[] =>
    Array.from({ length: integer(limit) }, make);
  /** All objects made so far, to refer to again. */
  const objects: object[] = [];
  const remember = <T extends object>(object: T): T => {
    objects.push(object);
    return object;
  };

  const memory = (): ArrayBuffer | SharedArrayBuffer => {
    const length = 8 * (1 + integer(9));
    const buffer =
      mode === 'thread' && integer(4) === 0
        ? new SharedArrayBuffer(length)
        : new ArrayBuffer(length);
    new Uint8Array(buffer).forEach((_, index, bytes) => {
      bytes[index] = integer(256);
    });
    return buffer;
  };
  const view = (): object => {
    const View = pick<new (memory: ArrayBufferLike) => ArrayBufferView>([
      Int8Array,
      Uint8ClampedArray,
      Uint16Array,
      Int32Array,
      BigInt64Array,
      DataView,
    ]);
    return new View(memory());
  };
  const leaves: readonly (() => unknown)[] = [
    () => pick([undefined, null, true, -0, NaN, Infinity, '', 'text']),
    () => integer(2 ** 31) - 2 ** 30,
    () => random() * 1e300,
    () => BigInt(integer(2 ** 31)) ** 5n,
    () => String.fromCharCode(...times(20, () => integer(0x10000))),
    () => remember(new Date(integer(2 ** 31))),
    () => remember(/a|b/g),
    () => remember(Object(pick([1n, 's', false])) as object),
    () => remember(Buffer.from(times(50, () => integer(256)))),
    () => remember(Buffer.alloc(5_000, 'abc').subarray(integer(9))),
    () => remember(memory()),
    () => remember(view()),
    () => (objects.length === 0 ? 'none yet' : pick(objects)),
  ];

  function make(depth: number): unknown {
    if (depth === 0 || integer(3) === 0) return pick(leaves)();
    switch (integer(5)) {
      case 0: {
        const array = remember<unknown[]>([]);
        times(6, () => array.push(make(depth - 1)));
        return array;
      }
      case 1: {
        const array = remember<unknown[]>([]); // with holes
        times(6, () => (array[integer(50)] = make(depth - 1)));
        return array;
      }
      case 2: {
        const map = remember(new Map());
        times(5, () => map.set(make(depth - 1), make(depth - 1)));
        return map;
      }
      case 3: {
        const set = remember(new Set());
        times(5, () => set.add(make(depth - 1)));
        return set;
      }
      default: {
        const object = remember<Record<string, unknown>>({});
        times(6, () => {
          object[`k${String(integer(100))}`] = make(depth - 1);
        });
        return object;
      }
    }
  }

  return make(5);
}

/** mulberry32: a number from 0 to 1 for each call. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
