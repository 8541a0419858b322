/* eslint-disable @typescript-eslint/unbound-method -- inline() takes methods without their objects */
import { describe, expect, test } from 'vitest';
import {
  InlineCaptureError,
  TaskInvalidError,
  inline,
} from '@concurrent-executors/executor';
import { where } from '../fixtures/tasks.mjs';
import { backends, pools } from '../support/backends.ts';

const outside = 3;

/** A function that no tool has seen: vitest replaces each import() in this file. */
function written(body: string): (value?: string) => unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is from this file
  return new Function('value', body) as (value?: string) => unknown; // as written
}

const methods = {
  shorthand(a: number, b: number) {
    return a + b;
  },
  async asynchronous(a: number, b: number) {
    return Promise.resolve(a + b);
  },
  'not an identifier'(a: number, b: number) {
    return a + b;
  },
  [Symbol.iterator](a: number, b: number) {
    return a + b;
  },
  get(a: number, b: number) {
    return a + b;
  },
};

const computed = {
  [outside]() {
    return 1;
  },
};

class Calculator {
  static sum(a: number, b: number): number {
    return a + b;
  }
  add(a: number, b: number): number {
    return a + b;
  }
  static privateMethod(): () => number {
    return Calculator.#one;
  }
  static #one(): number {
    return 1;
  }
}

describe.each(backends)('$name: inline', ({ make }) => {
  test.each<[string, (a: number, b: number) => unknown]>([
    ['an arrow', (a, b) => a + b],
    ['an async arrow', async (a, b) => Promise.resolve(a + b)],
    ['an arrow with an object', (a, b) => ({ sum: a + b }).sum],
    [
      'a function',
      function (a, b) {
        return a + b;
      },
    ],
    [
      'a function that calls itself',
      function sum(a, b): number {
        return b === 0 ? a : sum(a + 1, b - 1);
      },
    ],
    ['a declared function', declared],
    ['a method', methods.shorthand],
    ['an async method', methods.asynchronous],
    ['a method with a quoted name', methods['not an identifier']],
    ['a method with a computed name', methods[Symbol.iterator]],
    ['a method named get', methods.get],
    ['a method of a class', new Calculator().add],
    ['a static method', Calculator.sum],
    ['a default and a rest', (a, ...[b = 0]) => a + b],
  ])('runs %s', async (_, fn) => {
    await using executor = make();
    expect(await executor.submit(inline(fn), 2, 3)).toBe(5);
  });

  test('what is thrown is not changed', async () => {
    await using executor = make();
    const fail = inline(function fail(n: number) {
      throw new RangeError(`no ${String(n)}`);
    });
    const error = await executor.submit(fail, 1).exception();
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'no 1' });
    const falsy = inline(() => {
      throw null; // eslint-disable-line @typescript-eslint/only-throw-error -- JavaScript throws anything
    });
    expect(await executor.submit(falsy).exception()).toBeNull();
  });

  test('a variable from outside fails the task, and is named', async () => {
    await using executor = make();
    const triple = inline((n: number) => n * outside);
    const error = await executor.submit(triple, 1).exception();
    expect(error).toBeInstanceOf(InlineCaptureError);
    expect(error).toMatchObject({
      code: 'ERR_INLINE_CAPTURE',
      message:
        "inline function anonymous uses 'outside', which does not exist in a worker: pass it as an argument",
    });
    expect((error as Error).cause).toBeInstanceOf(ReferenceError);
    const later = inline(async function later() {
      await Promise.resolve();
      return outside;
    });
    expect(await executor.submit(later).exception()).toMatchObject({
      message: expect.stringMatching(
        /^inline function later uses 'outside'/,
      ) as string,
    });
    expect(
      await executor.submit(inline(computed[outside])).exception(),
    ).toMatchObject({ code: 'ERR_INLINE_CAPTURE' });
  });

  test('what a tool has put into a function is named as such', async () => {
    await using executor = make();
    for (const name of [
      'cov_2k9()',
      '__name',
      '__awaiter',
      '_asyncToGenerator',
      '__vite_ssr_import_0__',
    ]) {
      const fn = inline(written(`return ${name};`));
      const error = await executor.submit(fn).exception();
      expect(error).toBeInstanceOf(InlineCaptureError);
      expect((error as Error).message).toMatch(/a tool for coverage/);
    }
    const fn = inline(written('return require("fs");'));
    const error = await executor.submit(fn).exception();
    expect((error as Error).message).toMatch(/CommonJS/);
  });

  test('a ReferenceError that is no capture stays what it is', async () => {
    await using executor = make();
    const early = inline(() => {
      const read = (): number => value;
      const first = read();
      const value = 1;
      return first + value;
    });
    const error = await executor.submit(early).exception();
    expect(error).toBeInstanceOf(ReferenceError);
    const other = inline(() => {
      throw new ReferenceError('elsewhere is not defined'.replace('w', 'W'));
    });
    expect(await executor.submit(other).exception()).toMatchObject({
      name: 'ReferenceError',
      message: 'elseWhere is not defined',
    });
  });

  test('this is undefined, and modules can be imported', async () => {
    await using executor = make();
    expect(await executor.submit(inline(thisOf))).toBe('undefined');
    const base = inline(
      written(
        'return import("node:path").then((path) => path.basename(value))',
      ),
    );
    expect(await executor.submit(base, 'a/b.txt')).toBe('b.txt');
  });
});

describe.each(pools)('$name pool: inline', ({ Pool }) => {
  test('runs in the worker, and can be called here, too', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const id = inline(
      written(
        'return import("node:worker_threads").then(({ threadId }) => `${process.pid}/${threadId}`)',
      ),
    );
    const there = await pool.submit(id);
    expect(there).not.toBe(where());
    expect(await id()).toBe(where());
  });

  test('a stack shows the name of the function, and not its source', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const fail = inline(function fail() {
      throw new RangeError('no');
    });
    const error = await pool.submit(fail).exception();
    expect((error as Error).stack).toMatch(
      /^RangeError: no\n +at fail \(inline\/fail:\d+:\d+\)\n/,
    );
  });
});

describe('inline', () => {
  test.each<[string, unknown, RegExp]>([
    ['a native function', Math.max, /got max, a native or bound function/],
    ['a bound function', declared.bind(null), /got bound declared, a native/],
    ['a class', Calculator, /got the class Calculator/],
    ['a private method', Calculator.privateMethod(), /does not compile/],
    ['no function', 'declared', /needs a function, got string/],
  ])('refuses %s', (_, fn, message) => {
    const make = (): unknown => inline(fn as () => unknown);
    expect(make).toThrow(TaskInvalidError);
    expect(make).toThrow(message);
  });

  test('the source text is the real one', async () => {
    const fn = Object.assign((n: number) => n + 1, {
      toString: () => '() => "another"',
    });
    expect(await inline(fn)(1)).toBe(2);
  });
});

function declared(a: number, b: number): number {
  return a + b;
}

function thisOf(this: unknown): string {
  return typeof this;
}
