/*
 * What arrives of arguments and results; test/wire/ has the many kinds of values.
 */
import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  TaskNotSerializableError,
  ThreadPoolExecutor,
  type Future,
} from '@concurrent-executors/executor';
import {
  byteLength,
  echo,
  lengthOf,
  passGate,
  where,
} from '../fixtures/tasks.mjs';
import { assertSame } from '../support/carry.ts';
import { backends, pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { makeRandom } from '../support/random.ts';
import { nextWarning } from '../support/warnings.ts';

describe.each(backends)('$name', ({ make }) => {
  test('gives back what it was given, a Buffer as a Buffer', async () => {
    await using executor = make();
    const memory = new Uint16Array([1, 2, 3]);
    const value = {
      nested: new Map([['buffer', Buffer.from('pooled')]]),
      memory,
      same: memory.buffer,
      zero: -0,
      large: 2n ** 70n,
    };
    assertSame(await executor.submit(echo, value), value);
  });

  test('an error as a result keeps what it is', async () => {
    await using executor = make();
    const error = Object.assign(new RangeError('e'), { code: 'E_CODE' });
    const [reason] = (await executor.submit(echo, [error])) as [unknown];
    expect(reason).toBeInstanceOf(RangeError);
    expect(reason).toMatchObject({ message: 'e', code: 'E_CODE' });
  });
});

describe.each(pools)('a $name pool', ({ name, Pool }) => {
  test('gives back large memory, and several views on it', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const buffer = Buffer.alloc(100_000, 'abc');
    const whole = new Float64Array(10_000).fill(Math.PI);
    const value = {
      part: Buffer.alloc(100_000, 'def').subarray(10, 50_010),
      buffer,
      whole,
      sameMemory: new DataView(whole.buffer),
      bytes: whole.buffer,
      text: 'x'.repeat(100_000),
    };
    for (let round = 0; round < 3; round += 1) {
      assertSame(await pool.submit(echo, value), value);
    }
    // It was copied, not moved.
    expect(buffer.toString('latin1', 0, 6)).toBe('abcabc');
    expect(whole[9_999]).toBe(Math.PI);
  });

  test('gives back more large memory at once than there is room for', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    await pool.submit(echo, 1);
    const futures = Array.from({ length: 40 }, (_, n) => {
      const bytes = new Uint8Array(700_000 + 100_000 * (n % 10)).fill(n);
      const future = pool.submit(echo, [n, bytes, 'x'.repeat(40_000)]);
      return { n, bytes, future };
    });
    for (const { n, bytes, future } of futures) {
      const [number, arrived, text] = (await future) as [
        number,
        Uint8Array,
        string,
      ];
      expect([number, text.length]).toEqual([n, 40_000]);
      expect(Buffer.compare(arrived, bytes)).toBe(0);
    }
  });

  test('gives back many values of all sizes, of which some were cancelled', async () => {
    const random = makeRandom();
    await using pool = new Pool({ maxWorkers: 2 });
    const cancelled = Symbol('cancelled');
    const runOne = async (): Promise<void> => {
      const size = random.below(40_000);
      const value = random.weighted<{ weight: number; value: unknown }>([
        { weight: 85, value: size },
        { weight: 10, value: { id: size, text: 'x'.repeat(size % 1_500) } },
        { weight: 5, value: `${String(size)}${'y'.repeat(size)}` },
      ]).value;
      const future = pool.submit(echo, value);
      if (random.chance(0.05)) setImmediate(() => future.cancel());
      const result = await future.then(undefined, (error: unknown) => {
        if (error instanceof CancelledError) return cancelled;
        throw error;
      });
      if (result !== cancelled) assertSame(result, value);
    };
    for (let burst = 0; burst < 60; burst += 1) {
      const count = 1 + random.below(500);
      await Promise.all(Array.from({ length: count }, runOne));
    }
  });

  test('sends large memory as it was at the submit, also if another task goes first', async () => {
    await using gate = await makeGate();
    await using pool = new Pool({ maxWorkers: 1 });
    const bytes = new Uint8Array(1_000_000).fill(7);
    let first: Future<unknown> | undefined;
    const future = pool.submit(echo, [
      bytes,
      {
        // Read when the arguments are encoded: it takes the place of this very task.
        get other() {
          first ??= pool.submit(passGate, gate.path, 1);
          return 'read';
        },
      },
    ]);
    bytes.fill(0);
    await gate.arrived(1);
    gate.open();
    expect(await first).toBe(1);
    const [arrived, object] = (await future) as [Uint8Array, object];
    expect(object).toEqual({ other: 'read' });
    expect(Buffer.compare(arrived, new Uint8Array(1_000_000).fill(7))).toBe(0);
  });

  test('gives back what fits into the places of tasks, and what just does not', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const lengths = [
      53, 54, 55, 108, 109, 110, 16_370, 16_384, 16_400, 60_000, 131_000,
      131_072, 200_000,
    ];
    for (const length of lengths) {
      for (const letter of ['x', 'é', 'λ']) {
        const text = letter.repeat(length);
        expect(await pool.submit(echo, text)).toBe(text);
        const texts = [text, `${text}!`, { text: text.slice(1) }];
        assertSame(await pool.submit(echo, texts), texts);
      }
    }
  });

  test('carries more long texts at once than there is memory for them', async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    const texts = Array.from({ length: 100 }, (_, n) =>
      String(n).padEnd(1_000 * n + 10, 'text '),
    );
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all(
        texts.map((text) => pool.submit(echo<string>, text)),
      );
      expect(results.every((result, n) => result === texts[n])).toBe(true);
    }
  });

  test.each([
    ['text', 'x'.repeat(11e6)],
    ['bytes', new Uint8Array(11e6)],
  ])('warns of %s that take milliseconds to copy', async (_, large) => {
    await using pool = new Pool({ maxWorkers: 1 });
    const warned = nextWarning('LargePayloadWarning');
    await pool.submit(lengthOf, { large: 'not large' });
    await pool.submit(lengthOf, { large });
    expect((await warned).message).toContain('task lengthOf take 11 MB');
  });

  test('moves memory that is listed in transfer, or copies it', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const buffer = new ArrayBuffer(1_000);
    const length = await pool
      .with({ transfer: [buffer] })
      .submit(byteLength, buffer);
    expect(length).toBe(1_000);
    expect(buffer.byteLength).toBe(name === 'thread' ? 0 : 1_000);
  });
});

test('threads share memory; processes refuse it', async () => {
  const shared = new SharedArrayBuffer(8);
  await using threads = new ThreadPoolExecutor({ maxWorkers: 1 });
  expect(await threads.submit(byteLength, shared)).toBe(8);
  await using processes = new pools[1].Pool({ maxWorkers: 1 });
  const error = await processes.submit(byteLength, shared).exception();
  expect(error).toBeInstanceOf(TaskNotSerializableError);
  expect((error as Error).message).toContain('SharedArrayBuffer');
});

test('a thread stays as it is when the first arguments of a task cannot be moved', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const thread = await pool.submit(where);
  const buffer = new ArrayBuffer(1_000);
  const error = await pool
    .with({ transfer: [buffer, buffer] })
    .submit(byteLength, buffer)
    .exception();
  expect(error).toBeInstanceOf(TaskNotSerializableError);
  expect((error as Error).message).toContain('duplicate');
  expect(await pool.submit(byteLength, new ArrayBuffer(8))).toBe(8);
  // A task that it did not know would have ended it.
  expect(await pool.submit(where)).toBe(thread);
});
