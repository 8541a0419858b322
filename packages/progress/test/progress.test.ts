import { Readable } from 'node:stream';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  progress,
  type AsyncProgress,
  type Progress,
} from '@concurrent-executors/progress';
import { TerminalStream, TextStream } from './screen.ts';

/** A source that tells whether it was closed. */
function* letters(closed: string[]): Generator<string> {
  try {
    yield 'a';
    yield 'b';
    yield 'c';
  } finally {
    closed.push('source');
  }
}

async function* asyncLetters(closed: string[]): AsyncGenerator<string> {
  for (const letter of letters(closed)) yield await Promise.resolve(letter);
}

const failing: Iterable<number> = {
  *[Symbol.iterator]() {
    yield 1;
    throw new Error('source failed');
  },
};

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Time stands still, so that lines are the same each time. */
function quiet() {
  const stream = new TextStream();
  return { stream, options: { stream, clock: () => 0 } };
}

describe('the total', () => {
  test.for<[string, Iterable<unknown>, string]>([
    ['an array', ['x', 'y'], '100% 2/2 [00:00<?, ?it/s]\n'],
    ['a Set', new Set(['x']), '100% 1/1 [00:00<?, ?it/s]\n'],
    ['a Map', new Map([['x', 1]]), '100% 1/1 [00:00<?, ?it/s]\n'],
    ['a typed array', new Uint16Array(3), '100% 3/3 [00:00<?, ?it/s]\n'],
    ['an empty array', [], '0it [00:00, ?it/s]\n'],
    ['a generator is unknown', letters([]), '3it [00:00, ?it/s]\n'],
    ['a string is unknown', 'a🇧', '2it [00:00, ?it/s]\n'],
  ])('of %s', ([, source, line]) => {
    const { stream, options } = quiet();
    Array.from(progress(source, options));
    expect(stream.text).toBe(line);
  });

  test('that is given wins', () => {
    const { stream, options } = quiet();
    Array.from(progress(['x'], { ...options, total: 4 }));
    expect(stream.text).toBe(' 25% 1/4 [00:00<?, ?it/s]\n');
  });
});

describe('a sync source', () => {
  test('works in `for`', () => {
    const { options } = quiet();
    expect([...progress(letters([]), options)]).toEqual(['a', 'b', 'c']);
  });

  test('works in `for await`, which awaits its items', async () => {
    const { stream, options } = quiet();
    const items = await collect(progress([1, Promise.resolve(2)], options));
    expect(items).toEqual([1, 2]);
    expect(stream.text).toBe('100% 2/2 [00:00<?, ?it/s]\n');
  });

  test('`break` closes the source and the bar', () => {
    const { stream, options } = quiet();
    const closed: string[] = [];
    for (const item of progress(letters(closed), options))
      if (item === 'b') break;
    expect(closed).toEqual(['source']);
    expect(stream.text).toBe('1it [00:00, ?it/s]\n');
  });

  test('an error in the loop closes both and passes on', () => {
    const { stream, options } = quiet();
    const closed: string[] = [];
    const failure = new Error('loop failed');
    expect(() => {
      for (const item of progress(letters(closed), options))
        if (item === 'c') throw failure;
    }).toThrow(failure);
    expect(closed).toEqual(['source']);
    expect(stream.text).toBe('2it [00:00, ?it/s]\n');
  });

  test('an error in the source closes the bar and passes on', () => {
    const { stream, options } = quiet();
    expect(() => [...progress(failing, options)]).toThrow('source failed');
    expect(stream.text).toBe('1it [00:00, ?it/s]\n');
  });

  test('an item that rejects closes both and passes on', async () => {
    const { stream, options } = quiet();
    let closed = false;
    function* source() {
      try {
        yield Promise.resolve();
        yield Promise.reject(new Error('item failed'));
      } finally {
        closed = true;
      }
    }
    await expect(collect(progress(source(), options))).rejects.toThrow(
      'item failed',
    );
    expect(closed).toBe(true);
    expect(stream.text).toBe('1it [00:00, ?it/s]\n');
  });
});

describe('an async source', () => {
  test('passes its items on', async () => {
    const { stream, options } = quiet();
    const items = await collect(progress(asyncLetters([]), options));
    expect(items).toEqual(['a', 'b', 'c']);
    expect(stream.text).toBe('3it [00:00, ?it/s]\n');
  });

  test('passes futures on as they are, not their results', async () => {
    const { stream, options } = quiet();
    const futures = [Promise.resolve(1), Promise.resolve(2)];
    const values = futures.values();
    const source: AsyncIterable<Promise<number>> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(values.next()),
      }),
    };
    const items = await collect(progress(source, options));
    expect(items[0]).toBe(futures[0]);
    expect(items[1]).toBe(futures[1]);
    expect(stream.text).toBe('2it [00:00, ?it/s]\n');
  });

  test('that cannot be closed may be left', async () => {
    const { stream, options } = quiet();
    const values = [1, 2, 3].values(); // has no `return`
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(values.next()),
      }),
    };
    for await (const item of progress(source, options)) if (item === 2) break;
    expect(stream.text).toBe('1it [00:00, ?it/s]\n');
  });

  test('`break` closes the source and the bar', async () => {
    const { stream, options } = quiet();
    const closed: string[] = [];
    for await (const item of progress(asyncLetters(closed), options))
      if (item === 'b') break;
    expect(closed).toEqual(['source']);
    expect(stream.text).toBe('1it [00:00, ?it/s]\n');
  });

  test('an error in the loop closes both and passes on', async () => {
    const { stream, options } = quiet();
    const closed: string[] = [];
    const run = async () => {
      for await (const item of progress(asyncLetters(closed), options))
        if (item === 'c') throw new Error('loop failed');
    };
    await expect(run()).rejects.toThrow('loop failed');
    expect(closed).toEqual(['source']);
    expect(stream.text).toBe('2it [00:00, ?it/s]\n');
  });

  test('an error in the source closes the bar and passes on', async () => {
    const { stream, options } = quiet();
    const source = Readable.from(failing);
    await expect(collect(progress(source, options))).rejects.toThrow(
      'source failed',
    );
    expect(stream.text).toMatch(/^\dit .*\n$/);
  });
});

describe('the bar of a wrapped source', () => {
  test('is at hand within the loop', () => {
    const { stream, options } = quiet();
    const items = progress(['x', 'y'], options);
    for (const item of items) {
      items.bar.postfix = item;
      items.bar.write(`${item} after ${String(items.bar.count)}`);
    }
    expect(stream.text).toBe(
      'x after 0\ny after 1\n100% 2/2 [00:00<?, ?it/s, y]\n',
    );
    expect(items.bar.closed).toBe(true);
  });

  test('is another one for another iteration', () => {
    const { stream, options } = quiet();
    const items = progress(['x', 'y'], options);
    Array.from(items);
    Array.from(items);
    expect(stream.text).toBe('100% 2/2 [00:00<?, ?it/s]\n'.repeat(2));
  });

  test('does not appear before the source is consumed', () => {
    const stream = new TerminalStream(60);
    const iterator = progress([1], { stream })[Symbol.iterator]();
    expect(stream.screen.text).toBe('');
    iterator.next();
    expect(stream.screen.text).toContain('0/1');
    iterator.return?.();
  });
});

test.for<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['42', 42],
  ['[object Promise]', Promise.resolve([])],
])('%s is not iterable', ([name, source]) => {
  // A caller without types can pass anything.
  expect(() => progress(source as Iterable<unknown>)).toThrow(
    new TypeError(
      `progress() needs an iterable or an async iterable; got ${name}.`,
    ),
  );
});

test('the types of the items are kept', () => {
  expectTypeOf(progress(['x'])).toEqualTypeOf<Progress<string>>();
  expectTypeOf(progress(asyncLetters([]))).toEqualTypeOf<
    AsyncProgress<string>
  >();
  expectTypeOf(
    progress([Promise.resolve(1)])[Symbol.asyncIterator],
  ).returns.toEqualTypeOf<AsyncIterator<number>>();
});
