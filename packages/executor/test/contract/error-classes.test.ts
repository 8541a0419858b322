import { describe, expect, test } from 'vitest';
import {
  ErrorClassInvalidError,
  moduleTasks,
  registerErrorClass,
} from '@concurrent-executors/executor';
import {
  CardError,
  pay,
  payByCard,
  PaymentError,
} from '../fixtures/error-classes.mjs';
import { backends, pools } from '../support/backends.ts';

describe.each(backends)('a registered error class, $name', ({ make }) => {
  test('is what arrives', async () => {
    await using executor = make();
    const error = await executor.submit(pay, 101n).exception();
    expect(error).toBeInstanceOf(PaymentError);
    expect((error as object).constructor).toBe(PaymentError);
    expect(error).toMatchObject({
      name: 'PaymentError',
      message: 'cannot pay 101',
      amount: 101n,
      isLarge: true, // a getter of the class
    });
    expect((error as Error).stack).toContain('error-classes.mjs');
  });
});

describe.each(pools)('a registered error class, $name', ({ Pool }) => {
  test('stands for its subclasses that are not registered', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const error = await pool.submit(payByCard, 1n).exception();
    expect(error).not.toBeInstanceOf(CardError);
    expect((error as object).constructor).toBe(PaymentError);
  });

  test('stands for those that are not registered on this side', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const { refund } = moduleTasks<{
      refund: (amount: bigint) => never;
    }>(new URL('../fixtures/unknown-error.mjs', import.meta.url).href);
    const error = await pool.submit(refund, 1n).exception();
    expect((error as object).constructor).toBe(PaymentError);
  });

  test('has no private fields after the way', async () => {
    await using pool = new Pool({ maxWorkers: 1 });
    const error = await pool.submit(pay, 1n).exception();
    expect(() => (error as PaymentError).secret).toThrow(TypeError);
  });
});

describe('registerErrorClass', () => {
  test('gives back the class', () => {
    class FirstError extends Error {}
    expect(registerErrorClass('test:gives', FirstError)).toBe(FirstError);
  });

  test('refuses two classes of one name in one go, and takes the newest later', async () => {
    class SameError extends Error {}
    const first = SameError;
    registerErrorClass('test:same', first);
    registerErrorClass('test:other', first);
    {
      class SameError extends Error {}
      expect(() => registerErrorClass('test:same', SameError)).toThrow(
        /got a second class named SameError: names must be unique/,
      );
      await Promise.resolve(); // the end of the go
      registerErrorClass('test:same', SameError);
    }
  });

  test.each([
    ['a class without a name', class extends Error {}, 'without a name'],
    ['a class of other things', Map, 'must extend Error'],
    ['a function', () => 1, 'must extend Error'],
    ['an odd name', class extends Error { static override name = 1 as never; }, 'without a name'], // prettier-ignore
  ])('refuses %s', (_name, errorClass, message) => {
    let caught: unknown;
    try {
      registerErrorClass('test:refuses', errorClass as never);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ErrorClassInvalidError);
    expect(caught).toMatchObject({ code: 'ERR_ERROR_CLASS_INVALID' });
    expect(String(caught)).toContain(message);
  });
});
