import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { WorkerExitError } from '../../src/core/errors.ts';
import { decodeThrown, encodeThrown } from '../../src/wire/error-codec.ts';

/** What arrives of a thrown value on the other side of a structured clone. */
function carry(thrown: unknown): unknown {
  return decodeThrown(structuredClone(encodeThrown(thrown)));
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function oddClass(): object {
  const prototype = Object.create(Error.prototype) as object;
  Object.defineProperty(prototype, 'constructor', { value: undefined });
  return Object.create(prototype) as object;
}

function fail(): never {
  throw new Error('cannot be shown');
}

describe('the error codec', () => {
  test.each([
    new Error('e'),
    new TypeError('e'),
    new RangeError('e'),
    new SyntaxError('e'),
    new ReferenceError('e'),
    new EvalError('e'),
    new URIError('e'),
    new AggregateError([new TypeError('inner')], 'e'),
    new WorkerExitError(
      {
        worker: 'thread 1',
        exitCode: 1,
        signal: null,
        stderr: 'end',
        outOfMemory: false,
        cause: new Error('c'),
      },
      'running task t',
    ),
  ])('keeps %s', (error) => {
    const arrived = carry(error) as Error;
    expect(arrived.constructor).toBe(error.constructor);
    expect(arrived).toEqual(error);
    expect(arrived.stack).toBe(error.stack);
    expect(Object.keys(arrived)).toEqual(Object.keys(error));
  });

  test('a class that the other side does not know becomes the nearest one', () => {
    class HttpError extends TypeError {
      override name = 'HttpError';
      status = 418;
    }
    const arrived = carry(new HttpError('teapot'));
    expect(arrived).toBeInstanceOf(TypeError);
    expect(arrived).toMatchObject({ name: 'HttpError', status: 418 });
  });

  test.each([undefined, null, 0, '', 'text', { a: [1n] }])(
    'carries %s, which is no Error, as it is',
    (value) => {
      expect(carry(value)).toEqual(value);
    },
  );

  test('a cycle of causes arrives as a cycle', () => {
    const error = new AggregateError([], 'cycle');
    error.cause = new Error('between', { cause: error });
    error.errors.push(error, error.cause);
    const arrived = carry(error) as AggregateError;
    const between = arrived.cause as Error;
    expect(between.cause).toBe(arrived);
    expect(arrived.errors[0]).toBe(arrived);
    expect(arrived.errors[1]).toBe(between);
  });

  test('a chain of causes has an end, whatever its length', () => {
    let error = new Error('the first');
    for (let n = 0; n < 10_000; n += 1)
      error = new Error('e', { cause: error });
    let arrived = carry(error) as Error;
    let length = 0;
    while (arrived.cause instanceof Error) {
      arrived = arrived.cause;
      length += 1;
    }
    expect(length).toBe(100);
    expect(arrived.cause).toContain('Error: e');
  });

  test('errors in the properties of an error keep what they are', () => {
    class RequestError extends Error {
      readonly original = new RangeError('original');
      readonly attempts = [new TypeError('1'), new SyntaxError('2')];
    }
    const error = new RequestError('e');
    const arrived = carry(error) as RequestError;
    expect(arrived).toEqual(error);
    expect(arrived.original).toBeInstanceOf(RangeError);
    expect(arrived.attempts[1]).toBeInstanceOf(SyntaxError);
    expect(Object.keys(arrived)).toEqual(Object.keys(error));
  });

  test('`errors` and `cause` that were assigned remain enumerable', () => {
    const error = Object.assign(new Error('e'), { cause: 1, errors: ['a'] });
    expect(Object.entries(carry(error) as Error)).toEqual(
      Object.entries(error),
    );
  });

  test('a DOMException', () => {
    const exceptions = [
      new DOMException('m', 'AbortError'),
      new DOMException('m', { name: 'DataCloneError', cause: new Error('c') }),
      Object.assign(new DOMException('m'), { detail: 1n }),
    ];
    for (const exception of exceptions) {
      const arrived = carry(exception) as DOMException & { detail?: bigint };
      expect(arrived).toBeInstanceOf(DOMException);
      expect(arrived.constructor).toBe(DOMException);
      expect(arrived.name).toBe(exception.name);
      expect(arrived.message).toBe('m');
      expect(arrived.code).toBe(exception.code);
      expect(arrived.stack).toBe(exception.stack);
      expect(arrived.cause).toEqual(exception.cause);
      expect(arrived.detail).toBe(Reflect.get(exception, 'detail'));
    }
  });

  test('an error of another realm', () => {
    const error = runInNewContext('new RangeError("e")') as Error;
    expect(error).not.toBeInstanceOf(Error);
    const arrived = carry(error);
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: 'RangeError', message: 'e' });
  });

  test.each([
    ['a revoked proxy', revoked()],
    ['an object that cannot be shown', { [inspect.custom]: fail }],
    ['an error without a prototype', Object.setPrototypeOf(new Error('e'), null)], // prettier-ignore
    ['an error of an odd class', oddClass()],
    ['an error with odd fields', Object.assign(new Error('e'), { name: Symbol('s'), message: 1, stack: {} })], // prettier-ignore
  ])('%s can be thrown', (_name, thrown: unknown) => {
    const encoded = encodeThrown(thrown, { display: true });
    expect(() => decodeThrown(structuredClone(encoded))).not.toThrow();
  });

  test('a cause of undefined is kept apart from no cause', () => {
    expect('cause' in (carry(new Error('e')) as Error)).toBe(false);
    const arrived = carry(new Error('e', { cause: null })) as Error;
    expect(arrived.cause).toBeNull();
  });

  test('a getter that throws does not hide the error', () => {
    const error = Object.defineProperty(new Error('e'), 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('from the getter');
      },
    });
    expect((carry(error) as { bad: string }).bad).toContain('from the getter');
  });

  test('with display, what cannot be cloned is shown as text', () => {
    const error = Object.assign(new Error('e'), { run: () => 1, n: 1n });
    expect(() => structuredClone(encodeThrown(error))).toThrow();
    const encoded = encodeThrown(error, { display: true });
    expect(decodeThrown(structuredClone(encoded))).toMatchObject({
      run: '[Function: run]',
      n: 1n,
    });
    const some = encodeThrown(
      Object.assign(error, { map: new Map([[1, 2]]) }),
      { display: (value) => typeof value === 'function' },
    );
    expect(decodeThrown(structuredClone(some))).toMatchObject({
      run: '[Function: run]',
      map: new Map([[1, 2]]),
    });
    const thrownSymbol = encodeThrown(Symbol('s'), { display: true });
    expect(decodeThrown(structuredClone(thrownSymbol))).toBe('Symbol(s)');
  });
});
