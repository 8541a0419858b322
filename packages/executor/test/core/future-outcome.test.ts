/* What callers learn from a future, whenever and however they ask. */
import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  InvalidStateError,
  TimeoutError,
} from '../../src/core/errors.ts';
import { Settler, type Future } from '../../src/core/future.ts';
import { nextWarning } from '../support/warnings.ts';

const error = new RangeError('no');

const settle = {
  returned: (settler: Settler<number>) => {
    settler.start();
    settler.resolve(42);
  },
  threw: (settler: Settler<number>) => {
    settler.start();
    settler.reject(error);
  },
  cancelled: (settler: Settler<number>) => {
    settler.future.cancel();
  },
} as const;

const outcomes = ['returned', 'threw', 'cancelled'] as const;

/** What `ask` gives or throws. */
async function heard(ask: PromiseLike<unknown>): Promise<unknown> {
  return ask.then(
    (value) => ({ value }),
    (thrown: unknown) =>
      thrown instanceof CancelledError || thrown instanceof TimeoutError
        ? { thrown: thrown.name }
        : { thrown },
  );
}

/** The answers of result() and exception() in each end. */
const answers = {
  returned: [{ value: 42 }, { value: undefined }],
  threw: [{ thrown: error }, { value: error }],
  cancelled: [{ thrown: 'CancelledError' }, { thrown: 'CancelledError' }],
} as const;

describe('a done callback', () => {
  test.each(outcomes)('finds the future done, with its outcome: %s', (how) => {
    const settler = new Settler<number>();
    let asked: Promise<unknown[]> | undefined;
    settler.future.addDoneCallback((future) => {
      expect(future.done).toBe(true);
      expect(future.cancelled).toBe(how === 'cancelled');
      expect(future.failed).toBe(how === 'threw');
      asked = Promise.all([heard(future.result()), heard(future.exception())]);
    });
    settle[how](settler);
    return expect(asked).resolves.toEqual(answers[how]);
  });

  test.each(outcomes)('that is added late is called at once: %s', (how) => {
    const settler = new Settler<number>();
    settle[how](settler);
    const calls: Future<number>[] = [];
    settler.future.addDoneCallback((future) => calls.push(future));
    expect(calls).toEqual([settler.future]);
  });

  test('that is added late and throws becomes a warning, too', async () => {
    const settler = new Settler<number>();
    settler.resolve(1);
    const warning = nextWarning('FutureCallbackWarning');
    settler.future.addDoneCallback(() => {
      throw new Error('from the late callback');
    });
    expect((await warning).message).toMatch(
      /exception calling callback for <Future #\d+ .*from the late callback/s,
    );
  });
});

describe('asking for the outcome', () => {
  test('with a timeout of 0 tells without waiting what is known', async () => {
    const settlers = [new Settler<number>(), new Settler<number>()];
    settlers[1]?.start();
    for (const { future } of settlers) {
      const late = { thrown: 'TimeoutError' };
      expect(await heard(future.result({ timeout: 0 }))).toEqual(late);
      expect(await heard(future.exception({ timeout: 0 }))).toEqual(late);
    }
    for (const how of outcomes) {
      const settler = new Settler<number>();
      settle[how](settler);
      const { future } = settler;
      expect([
        await heard(future.result({ timeout: 0 })),
        await heard(future.exception({ timeout: 0 })),
      ]).toEqual(answers[how]);
    }
  });

  test.each(outcomes)(
    'before it is there wakes when it is: %s',
    async (how) => {
      const settler = new Settler<number>();
      const waiting = Promise.all([
        heard(settler.future.result({ timeout: 60_000 })),
        heard(settler.future.exception({ timeout: 60_000 })),
        heard(settler.future),
      ]);
      settle[how](settler);
      const [result] = answers[how];
      expect(await waiting).toEqual([...answers[how], result]);
    },
  );

  test.each(['returned', 'threw'] as const)(
    'after a second settlement, which is refused, gives the first: %s',
    async (how) => {
      const settler = new Settler<number>();
      settle[how](settler);
      const shown = String(settler.future);
      for (const again of [
        () => {
          settler.resolve(1);
        },
        () => {
          settler.reject(new Error('second'));
        },
      ]) {
        expect(again).toThrow(InvalidStateError);
        expect(again).toThrow(shown);
      }
      const [result, exception] = answers[how];
      expect(await heard(settler.future.result())).toEqual(result);
      expect(await heard(settler.future.exception())).toEqual(exception);
    },
  );
});
