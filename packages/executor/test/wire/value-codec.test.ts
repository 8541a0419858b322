import { randomInt } from 'node:crypto';
import { inspect } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { decodeValue, encodeValue } from '../../src/wire/value-codec.ts';
import { assertSame, carry, modes } from '../support/carry.ts';
import { randomValue } from '../support/random-value.ts';

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['self'] = cycle;
cycle['map'] = new Map([[cycle, new Set([cycle])]]);

const memory = Uint8Array.from({ length: 64 }, (_, index) => index).buffer;
const shared = { n: 1 };

const values: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['-0', -0],
  ['NaN', NaN],
  ['a bigint', -(2n ** 200n)],
  ['a string', 'e\u0301 \ud800 \0'],
  [
    'long texts',
    { latin1: 'é'.repeat(20_000), wide: 'é\ud800'.repeat(20_000) },
  ],
  ['a long text', 'x'.repeat(20_000)],
  ['an array', [1, -0, 'a', 2n, null, undefined, true]],
  ['an empty array', []],
  ['a long array', Array.from({ length: 100 }, (_, index) => index)],
  ['an array with a hole', [1, , 3]], // eslint-disable-line no-sparse-arrays
  ['an array that is one hole', new Array(1_000_000_000)],
  ['what a RegExp has matched', Object.assign(['ex'], { index: 1 })],
  ['a hole and a property', Object.assign(new Array(1), { index: 1 })],
  ['-0 in an object', { zero: -0 }],
  ['boxed primitives', [Object(1n), Object('s'), Object(true), Object(-0)]],
  ['a Date', new Date(0)],
  ['a RegExp', [/a+/giu, /(?<b>c)/dsy]],
  ['a Map', new Map<unknown, unknown>([[{}, 1n], ['b', new Map()]])], // prettier-ignore
  ['a Set', new Set([1, 'a', [2]])],
  ['a cycle', cycle],
  ['shared references', [shared, { shared }, new Set([shared])]],
  ['a key __proto__', JSON.parse('{"__proto__": {"a": 1}, "b": {}}')],
  ['an ArrayBuffer', memory],
  ['a Buffer', Buffer.from('pooled')],
  ['an empty Buffer', [Buffer.alloc(0), Buffer.from('abc').subarray(1, 1)]],
  ['a nested Buffer', { a: [new Map([['b', Buffer.from('pooled')]])] }],
  ['a Buffer with memory of its own', Buffer.alloc(100_000, 'x')],
  ['a part of a Buffer', Buffer.alloc(100_000, 'x').subarray(1, 70_001)],
  ['one view twice', Array(2).fill(new Uint8Array(3))],
  ['views on one buffer', [new Uint16Array(memory), memory, new DataView(memory)]], // prettier-ignore
  ...[
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
  ].map((View) => [View.name, new View(memory)] as const),
  ['a DataView', new DataView(new ArrayBuffer(5))],
];

describe.each(modes)('the value codec, to a %s', (mode) => {
  test.each(values)('carries %s', (_name, value) => {
    assertSame(carry(value, mode), value);
  });

  test('of a view on a part of a buffer, only the part is sent', () => {
    const views = [
      Buffer.from('pooled'),
      new Uint8Array(memory, 3, 5),
      new Float64Array(memory, 8, 2),
      new DataView(memory, 1, 9),
    ];
    for (const view of views) {
      const encoded = encodeValue([view]);
      expect(encoded.bytes.length).toBeLessThan(view.byteLength + 30);
      const [arrived] = carry([view], mode) as [typeof view];
      // toString of a DataView does not tell its content.
      expect(arrived.constructor).toBe(view.constructor);
      expect(inspect(Buffer.from(arrived.buffer, arrived.byteOffset, arrived.byteLength))) // prettier-ignore
        .toBe(inspect(Buffer.from(view.buffer, view.byteOffset, view.byteLength))); // prettier-ignore
      if (!Buffer.isBuffer(arrived)) {
        expect(arrived.buffer.byteLength).toBe(view.byteLength);
      }
    }
  });

  test('the bytes fill their ArrayBuffer', () => {
    for (const length of [0, 10, 1_000, 5_000, 100_000]) {
      const { bytes } = encodeValue(Buffer.alloc(length));
      expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    }
  });

  test('a Float16Array, where there is one', () => {
    const Float16Array = Reflect.get(globalThis, 'Float16Array') as
      typeof Float32Array | undefined;
    if (Float16Array === undefined) return;
    const view = new Float16Array([0.5, -1]);
    assertSame(carry(view, mode), view);
  });

  test('an invalid Date', () => {
    expect(carry(new Date(NaN), mode)).toEqual(new Date(NaN));
  });

  test('a subclass arrives as the class that Node.js knows', () => {
    class Samples extends Uint8Array {}
    class Row extends Array {}
    class Point {
      x = 1;
      get double(): number {
        return this.x * 2;
      }
    }
    assertSame(carry([new Samples([1])], mode), [new Uint8Array([1])]);
    assertSame(carry(Row.of(1, 2), mode), [1, 2]);
    assertSame(carry(new Point(), mode), { x: 1 });
  });

  test('an array is what it was when it was encoded', () => {
    const array = [1, 2];
    const encoded = encodeValue(array);
    array.push(3);
    expect(decodeValue(encoded)).toEqual([1, 2]);
  });

  test('a resizable buffer, and a view that follows its length', () => {
    const Resizable = ArrayBuffer as unknown as new (
      length: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer & { resize: (length: number) => void };
    const buffer = new Resizable(4, { maxByteLength: 16 });
    const [arrived, part] = carry(
      [new Uint8Array(buffer), new Uint8Array(buffer, 1, 2)],
      mode,
    ) as [Uint8Array, Uint8Array];
    expect(arrived).toHaveLength(4);
    (arrived.buffer as typeof buffer).resize(16);
    expect(arrived).toHaveLength(16);
    expect(part).toHaveLength(2);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a boxed symbol', Object(Symbol('s'))],
    ['a WeakMap', new WeakMap()],
    ['a promise', Promise.resolve()],
    ['a proxy of an array', new Proxy([1], {})],
    ['a function in an array', [() => 1]],
  ])('refuses %s', (_name, value) => {
    expect(() => carry(value, mode)).toThrow(
      expect.objectContaining({ name: 'DataCloneError' }) as Error,
    );
  });

  test('a buffer that was moved away is refused', () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    for (const value of [buffer, view]) {
      expect(() => carry(value, mode)).toThrow(/detached/);
    }
  });

  test.each([new SyntaxError('thrown'), undefined, 'text'])(
    'throws what a getter throws: %s',
    (thrown) => {
      const value = {
        deep: [
          [
            [
              {
                get bad(): never {
                  throw thrown; // eslint-disable-line @typescript-eslint/only-throw-error
                },
              },
            ],
          ],
        ],
      };
      let caught: unknown = 'nothing';
      try {
        carry(value, mode);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    },
  );

  test('an object that is too deep to be read throws when it is decoded', () => {
    let deep = {};
    for (let level = 0; level < 2_700; level += 1) deep = { deep };
    const encoded = encodeValue(deep);
    expect(() => decodeValue(encoded)).toThrow();
  });

  test('bytes that are cut off throw', () => {
    const { bytes } = encodeValue([Buffer.from('abc'), {}]);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeValue({ bytes: bytes.subarray(0, length) })).toThrow();
    }
  });

  test('random values', () => {
    for (let round = 0; round < 500; round += 1) {
      // To repeat a failure, put its seed here.
      const seed = randomInt(2 ** 32);
      const value = randomValue(seed, mode);
      try {
        assertSame(carry(value, mode), value);
      } catch (cause) {
        throw new Error(`seed ${String(seed)}: ${inspect(value)}`, { cause });
      }
    }
  });
});

describe('errors in a value', () => {
  class DetailedError extends RangeError {
    readonly code = 'E_DETAIL';
    readonly bytes = Buffer.from('abc');
  }
  const failure = new DetailedError('failed', { cause: new TypeError('why') });

  test.each(modes)('keep what they are, to a %s', async (mode) => {
    const settled = await Promise.allSettled([
      Promise.resolve(1),
      Promise.reject(failure),
    ]);
    const places: readonly (readonly [unknown, (value: never) => unknown])[] = [
      [failure, (value: unknown) => value],
      [[1, failure], ([, error]: unknown[]) => error],
      [{ error: failure }, ({ error }: { error: unknown }) => error],
      [settled, ([, { reason }]: [unknown, { reason: unknown }]) => reason],
    ];
    for (const [value, find] of places) {
      const arrived = find(carry(value, mode) as never) as DetailedError;
      expect(arrived).toBeInstanceOf(RangeError);
      expect(arrived).toMatchObject({ code: 'E_DETAIL', message: 'failed' });
      expect(arrived.cause).toBeInstanceOf(TypeError);
      expect(arrived.stack).toBe(failure.stack);
      assertSame(arrived.bytes, failure.bytes);
    }
  });

  test.each(modes)('remain one object, to a %s', (mode) => {
    const value = { errors: [failure, failure], last: failure };
    const { errors, last } = carry(value, mode) as typeof value;
    expect(errors[0]).toBe(last);
    expect(errors[1]).toBe(last);
    expect(value.last).toBe(failure);
  });

  test.each(modes)('show what cannot be carried as text, to a %s', (mode) => {
    const self: Record<string, unknown> = {};
    const error = Object.assign(new Error('e'), {
      run: () => 1,
      fine: new Map([[1n, self]]),
      broken: [() => 1],
      self,
    });
    self['error'] = error;
    const arrived = carry([error], mode) as [typeof error];
    expect(arrived[0]).toMatchObject({ run: '[Function: run]', fine: { size: 1 } }); // prettier-ignore
    expect(arrived[0].broken).toContain('[Function');
  });

  test.each(modes)('deeper ones are what V8 makes of them, to a %s', (mode) => {
    const value = [[[[failure]]]];
    const [[[[arrived]]]] = carry(value, mode) as [[[[DetailedError]]]];
    expect(arrived).toBeInstanceOf(RangeError);
    expect(arrived.message).toBe('failed');
    expect(arrived.cause).toBeInstanceOf(TypeError);
    expect(arrived).not.toHaveProperty('code');
  });
});

describe('what only a thread can be given', () => {
  test('memory that is transferred is gone here, and views are views on it', () => {
    const buffer = Uint8Array.from({ length: 64 }, (_, index) => index).buffer;
    const value = {
      part: new Uint16Array(buffer, 8, 3),
      buffer,
      whole: Buffer.from(buffer),
    };
    const {
      part,
      buffer: arrived,
      whole,
    } = carry(value, 'thread', [buffer]) as typeof value;
    expect(buffer.byteLength).toBe(0);
    expect(arrived.byteLength).toBe(64);
    expect(part.buffer).toBe(arrived);
    expect(whole.buffer).toBe(arrived);
    expect(Buffer.isBuffer(whole)).toBe(true);
    expect([part.byteOffset, part.length]).toEqual([8, 3]);
    expect(part[0]).toBe(8 + 256 * 9);
  });

  test.each([0, 8])('a view at %i on memory that is transferred', (offset) => {
    const { buffer } = Uint8Array.from({ length: 64 }, (_, index) => index);
    const other = new ArrayBuffer(1);
    const view = Buffer.from(buffer, offset);
    const { arrived } = carry({ arrived: view }, 'thread', [buffer, other]) as {
      arrived: Buffer;
    };
    expect([buffer.byteLength, other.byteLength]).toEqual([0, 0]);
    expect(arrived).toBeInstanceOf(Buffer);
    expect(arrived.byteOffset).toBe(offset);
    expect(arrived.buffer.byteLength).toBe(64);
    expect(arrived[1]).toBe(offset + 1);
  });

  test('to a process it is copied, and views are views on the copy', () => {
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    const value = [buffer, new Uint8Array(buffer, 1, 2)] as const;
    assertSame(carry(value, 'process', [buffer]), value);
    expect(buffer.byteLength).toBe(4);
  });

  test('shared memory stays shared', () => {
    const buffer = new SharedArrayBuffer(16);
    const view = new Int32Array(buffer, 4, 2);
    const [arrived, again] = carry([view, buffer], 'thread') as [
      Int32Array,
      SharedArrayBuffer,
    ];
    arrived[0] = 7;
    expect(view[0]).toBe(7);
    expect([arrived.byteOffset, arrived.length]).toEqual([4, 2]);
    expect(arrived.buffer).toBe(again);
  });

  test('shared memory, wherever it is and more than once', () => {
    const buffers = Array.from({ length: 200 }, () => new SharedArrayBuffer(1));
    const value = [[[[...buffers, {}, ...buffers]]], 'end'] as const;
    const [[[arrived]], end] = carry(value, 'thread') as typeof value;
    buffers.forEach((buffer, index) => {
      new Uint8Array(buffer)[0] = index;
      const found = arrived[index] as SharedArrayBuffer;
      expect(new Uint8Array(found)[0]).toBe(index);
      expect(arrived[index + 201]).toBe(found);
    });
    expect(arrived[200]).toEqual({});
    expect(end).toBe('end');
  });

  test('a MessagePort that is transferred, wherever it is', () => {
    const { port1, port2 } = new MessageChannel();
    const value = { deep: [{ deep: [{ port: port2 }] }] };
    const arrived = carry(value, 'thread', [port2]) as typeof value;
    const port = arrived.deep[0]?.deep[0]?.port;
    expect(port).toBeInstanceOf(MessagePort);
    port?.close();
    port1.close();
  });

  test('a MessagePort that is not transferred is refused', () => {
    const { port1 } = new MessageChannel();
    expect(() => carry([port1], 'thread')).toThrow(/transferList/);
    port1.close();
  });

  test('a stream that is transferred', async () => {
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue('chunk');
        controller.close();
      },
    });
    const [arrived] = carry([{ stream }], 'thread', [stream]) as [
      { stream: ReadableStream },
    ];
    const chunks = [];
    for await (const chunk of arrived.stream) chunks.push(chunk);
    expect(chunks).toEqual(['chunk']);
  });

  test('what is transferred must be in the value', () => {
    const { port1 } = new MessageChannel();
    for (const mode of modes) {
      expect(() => carry([1], mode, [port1])).toThrow(
        /a MessagePort is listed in transfer and was not found/,
      );
    }
    port1.close();
  });

  test('a Blob and a WebAssembly.Module', async () => {
    const { Module } = Reflect.get(globalThis, 'WebAssembly') as {
      Module: new (bytes: Uint8Array) => object;
    };
    const module = new Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const [blob, arrived] = carry([new Blob(['text']), module], 'thread') as [
      Blob,
      object,
    ];
    expect(await blob.text()).toBe('text');
    expect(arrived).toBeInstanceOf(Module);
    expect(() => carry([[[[module]]]], 'thread')).toThrow(/deserialize/);
  });

  test.each([
    ['SharedArrayBuffer', new SharedArrayBuffer(1)],
    ['SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(1))],
    ['MessagePort', new MessageChannel().port1],
    ['Blob', new Blob([])],
  ])('a %s cannot go to a process', (name, value) => {
    expect(() => carry({ value }, 'process')).toThrow(
      expect.objectContaining({
        name: 'DataCloneError',
        message: `a ${name} cannot be sent to another process: send a copy of what is in it, or use ThreadPoolExecutor`,
      }) as Error,
    );
  });
});
