import { describe, expect, test } from 'vitest';
import { WorkerExitError } from '../../src/core/errors.ts';
import { decodeThrown, encodeThrown } from '../../src/wire/error-codec.ts';

/** What arrives of a thrown value on the other side of a structured clone. */
function carry(thrown: unknown): unknown {
  return decodeThrown(structuredClone(encodeThrown(thrown)));
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

  test('ends at a cycle of causes', () => {
    const error = new Error('cycle');
    error.cause = error;
    let arrived = carry(error) as Error;
    let depth = 0;
    while (arrived.cause instanceof Error) {
      arrived = arrived.cause;
      depth += 1;
    }
    expect(depth).toBe(8);
    expect(arrived.cause).toContain('cycle');
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
    const thrownSymbol = encodeThrown(Symbol('s'), { display: true });
    expect(decodeThrown(structuredClone(thrownSymbol))).toBe('Symbol(s)');
  });
});
