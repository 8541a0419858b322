import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { isPlain, readPlain } from '../../src/wire/plain-reader.ts';
import { PLAIN } from '../../src/wire/plain-values.ts';
import { writePlain } from '../../src/wire/plain-writer.ts';
import {
  decodeValue,
  encodeValue,
  type EncodedValue,
} from '../../src/wire/value-codec.ts';
import type { Random } from '../simulation/random.mjs';
import { assertSame } from '../support/carry.ts';
import { makeRandom } from '../support/random.ts';

function deep(levels: number): unknown {
  return levels === 0 ? {} : [deep(levels - 1)];
}

const row = (columns: number, first: number): object =>
  Object.fromEntries(
    Array.from({ length: columns }, (_, column) => [
      `column ${String(column)}`,
      column % 2 === 0 ? first + column : String(first),
    ]),
  );

const memory = Uint8Array.from({ length: 64 }, (_, index) => index).buffer;

const plain: readonly (readonly [string, object | string])[] = [
  ['nothing', []],
  ['an empty object', {}],
  ['all primitives', [undefined, null, false, true, 0, -1, 'a', '']],
  ['numbers at the ends', [2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.1, 5e-324]],
  ['numbers that JSON has not', [-0, NaN, Infinity, -Infinity]],
  ['undefined in an object', { a: undefined }],
  ['characters of a byte', ['\0', 'ÿ', 'é'.repeat(64)]],
  ['halves of pairs', { '\ud800': '\udc00', long: '\ud800'.repeat(100) }],
  ['other characters', ['Ā', '𝄞', 'e\u0301', '日本語'.repeat(100)]],
  ['strings of all lengths', Array.from({ length: 300 }, (_, n) => 'x'.repeat(n))], // prettier-ignore
  [
    'long strings among short ones',
    ['a', 'é'.repeat(100_000), 'b', '日'.repeat(9_000), 'c'],
  ],
  ['a string', 'x'.repeat(10_000)],
  ['dates', { at: new Date(0), before: new Date(-8.64e15) }],
  ['keys that are numbers', { b: 1, 2: 2, 1: 1, a: 0 }],
  ['strange keys', { '': 1, '"\\\n': 2, 日本: 3, constructor: 4 }],
  ['rows', Array.from({ length: 1_000 }, (_, n) => row(5, n))],
  ['wide rows', Array.from({ length: 20 }, (_, n) => row(40, n))],
  ['the widest row', row(255, 0)],
  ['rows of many kinds', Array.from({ length: 300 }, (_, n) => row(n % 20, n))],
  ['a row within a row of its kind', { id: 1, next: { id: 2, next: null } }],
  ['a wide row within one', { ...row(20, 1), inner: { ...row(20, 2), inner: 0 } }], // prettier-ignore
  ['memory', { all: memory.slice(), empty: new Uint8Array(memory, 8, 0) }],
  ['Buffers', [Buffer.from('pooled'), Buffer.alloc(9, 'own')]],
  [
    'views on memory of their own',
    [new Float64Array([1, -0, NaN]), new DataView(new ArrayBuffer(3))],
  ],
  ['a view on a part of a buffer', { part: new Int16Array(memory, 2, 6) }],
  ['as much binary data as is copied', [new Uint8Array(16_383).fill(7)]],
  ['the deepest value', deep(99) as object],
];

function plainOf(value: unknown): EncodedValue {
  return writePlain(value) ?? assert.fail('it is not plain');
}

describe('plain data', () => {
  test.each(plain)('%s arrives as it was', (_, value) => {
    const encoded = plainOf(value);
    const { bytes } = encoded;
    // The only view on its memory, so that it can be moved.
    expect(bytes.buffer.byteLength).toBe(bytes.length);
    const arrived = readPlain(encoded);
    assertSame(arrived, value);
    expect(JSON.stringify(arrived)).toBe(JSON.stringify(value)); // the order of the keys
  });

  test('an invalid date is one on arrival', () => {
    const [date] = decodeValue(encodeValue([new Date(NaN)])) as [Date];
    expect(date).toBeInstanceOf(Date);
    expect(date.getTime()).toBeNaN();
  });

  test('random values arrive as they were', () => {
    const random = makeRandom();
    for (let round = 0; round < 300; round += 1) {
      const value = [randomPlain(random, 5)];
      const encoded = encodeValue(value);
      expect(isPlain(encoded.bytes)).toBe(true);
      assertSame(decodeValue(encoded), value);
    }
  });

  const twice = { a: 1 };
  const many = Array.from({ length: 40 }, (_, n) => ({ n }));
  const cycle: unknown[] = [];
  cycle.push(cycle);
  class Point {
    x = 1;
  }
  test.each<[string, object]>([
    ['an object that is in it twice', [twice, twice]],
    ['the first of many that is in it twice', [twice, many, twice]],
    ['the last of many that is in it twice', [many, twice, twice]],
    ['a cycle', cycle],
    ['a hole', [1, , 3]], // eslint-disable-line no-sparse-arrays
    ['a hole and a property', Object.assign([1, , 3], { a: 1 })], // eslint-disable-line no-sparse-arrays
    ['a long array', Array.from({ length: 1_025 }, (_, n) => n)],
    ['an array with a property', Object.assign([1], { a: 1 })],
    ['an object with a class', [new Point()]],
    ['an array with a class', [new (class extends Array<number> {})()]],
    ['an object without a prototype', [Object.create(null)]],
    ['a Map', { a: new Map() }],
    ['a bigint', [1n]],
    ['a boxed number', [Object(1)]],
    ['an Error', { error: new Error('e') }],
    ['one view twice', Array(2).fill(new Uint8Array(3))],
    ['two views on one buffer', [new Uint8Array(memory), new DataView(memory)]],
    ['a buffer and a view on it', [memory, new Uint8Array(memory)]],
    ['a buffer without bytes, which may be gone', [new ArrayBuffer(0)]],
    ['shared memory', [new Uint8Array(new SharedArrayBuffer(2))]],
    ['large memory that may not be a part', [new Uint8Array(100_000)]],
    ['a key __proto__', JSON.parse('{"__proto__": 1}') as object],
    ['too many keys', row(256, 0)],
    ['a value that is too deep', deep(100) as object],
    ['a function', [() => 1]],
    ['a symbol', { a: Symbol('a') }],
    ['a proxy', [new Proxy({}, {})]],
  ])('%s is not plain', (_, value) => {
    expect(writePlain(value)).toBeUndefined();
    expect(writePlain({ deeper: [{ still: value }] })).toBeUndefined();
    expect(writePlain({ a: 'the next one is' })).toBeDefined();
  });

  test('a getter may write another value, or throw', () => {
    const inner = { inner: 'é', list: [1, 2, 3] };
    const value = {
      before: 'text',
      get written(): unknown {
        return readPlain(plainOf(inner));
      },
      after: [{ a: 1 }, { a: 2 }],
    };
    const arrived = readPlain(plainOf(value));
    assertSame(arrived, { before: 'text', written: inner, after: value.after });
    const thrown = new Error('from the getter');
    const throws = {
      get a(): never {
        throw thrown;
      },
    };
    expect(() => writePlain(throws)).toThrow(thrown);
    assertSame(readPlain(plainOf(inner)), inner);
  });

  test('what arrived keeps none of what it was cut out of', async () => {
    const { gc } = globalThis;
    const long = (n: number): string => `a longer text, number ${String(n)}`;
    const encoded = plainOf(
      Array.from({ length: 20 }, (_, part) =>
        Array.from({ length: 1_000 }, (_, n) => long(1_000 * part + n)),
      ),
    );
    const kept: unknown[] = [];
    const measure = async (): Promise<number> => {
      await gc?.({ execution: 'async' });
      return process.memoryUsage().heapUsed;
    };
    const before = await measure();
    for (let n = 0; n < 100; n += 1) {
      const [texts] = readPlain(encoded) as string[][];
      kept.push(texts?.[n]);
    }
    // Each kept text would keep the 0.7 MB of all.
    expect((await measure()) - before).toBeLessThan(20e6);
    expect(kept[7]).toBe(long(7));
  });
});

describe('bytes from elsewhere', () => {
  test('are a value or a RangeError, whatever they are', () => {
    const random = makeRandom();
    const before = Object.keys(
      Object.getOwnPropertyDescriptors(Object.prototype),
    );
    for (let round = 0; round < 3_000; round += 1) {
      const { bytes } = plainOf([randomPlain(random, 4)]);
      for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
        bytes[1 + random.below(bytes.length - 1)] = random.below(256);
      }
      const length =
        random.below(3) === 0 ? random.below(bytes.length) : Infinity;
      try {
        readPlain({ bytes: bytes.subarray(0, Math.max(length, 1)) });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    expect(
      Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)),
    ).toEqual(before);
  });

  test('have no text but what came with them', () => {
    const text = 'x'.repeat(20_000);
    const { bytes, attached } =
      writePlain([text], { shared: true }) ?? assert.fail('it is not plain');
    expect(attached).toEqual([text]);
    for (const other of [[], [1]]) {
      expect(() => readPlain({ bytes, attached: other })).toThrow(RangeError);
    }
  });

  test('have no memory but what came with them', () => {
    const value = new Float64Array(4_096);
    const { bytes, attached, parts } =
      writePlain(value, { parts: true }) ?? assert.fail('it is not plain');
    expect(attached).toEqual([undefined]);
    expect(parts).toEqual([{ index: 0, bytes: new Uint8Array(value.buffer) }]);
    assertSame(readPlain({ bytes, attached: [value.buffer] }), value);
    for (const other of [[], [value], [null, value.buffer]]) {
      expect(() => readPlain({ bytes, attached: other })).toThrow(RangeError);
    }
    // Less than the view says.
    const short = [new ArrayBuffer(32_760)];
    expect(() => readPlain({ bytes, attached: short })).toThrow(RangeError);
  });

  test('cannot set the prototype of an object', () => {
    const { bytes } = plainOf({ __prot0__: { polluted: true } });
    const text = Buffer.from(bytes).toString('latin1');
    const changed = Buffer.from(text.replace('prot0', 'proto'), 'latin1');
    expect(() => readPlain({ bytes: changed })).toThrow(RangeError);
  });

  test('of another version are no value', () => {
    const { bytes } = plainOf(['text']);
    bytes[0] = PLAIN - 1;
    expect(() => decodeValue({ bytes })).toThrow();
  });

  test('cannot be as deep as the stack', () => {
    const levels = 1_000_000;
    const bytes = Buffer.alloc(1 + 5 * levels, Uint8Array.of(9, 0, 0, 0, 1));
    bytes.copy(bytes, 1);
    bytes[0] = PLAIN;
    expect(() => readPlain({ bytes })).toThrow(/too deep/);
  });
});

function randomPlain(random: Random, depth: number): unknown {
  const times = <T>(limit: number, make: (index: number) => T): T[] =>
    Array.from({ length: random.below(limit) }, (_, index) => make(index));
  const text = (limit: number, code: number): string =>
    String.fromCharCode(...times(limit, () => 1 + random.below(code)));
  switch (random.below(depth === 0 ? 9 : 13)) {
    case 0:
      return undefined;
    case 1:
      return random.below(2) === 0 ? null : random.below(2) === 0;
    case 2:
      return random.below(2 ** 32) - 2 ** 31;
    case 3:
      return random.below(2 ** 32) / (1 + random.below(1_000));
    case 4:
      return text(80, 0x7f);
    case 5:
      return text(80, 0xff);
    case 6:
      return text(30, 0xd000);
    case 7:
      return new Date(random.below(2 ** 32));
    case 8:
      return Uint8Array.from([0, ...times(40, (n) => n)]);
    case 9:
    case 10:
      return times(8, () => randomPlain(random, depth - 1));
    default:
      // Few kinds of keys, so that shapes come again.
      return Object.fromEntries(
        times(18, (key) => [
          `k${String(key)}${random.below(9) === 0 ? text(6, 0x17f) : ''}`,
          randomPlain(random, depth - 1),
        ]),
      );
  }
}
