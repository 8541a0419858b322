import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CancelledError, InvalidStateError } from '../../src/core/errors.ts';
import { Future, Settler } from '../../src/core/future.ts';
import type { FutureState } from '../../src/core/future-state.ts';
import { nextWarning } from '../support/warnings.ts';

/** A settler whose future is in each of the states. */
function inState(state: FutureState | 'failed'): Settler<number> {
  const settler = new Settler<number>();
  if (state === 'running') settler.start();
  if (state === 'cancelled') settler.future.cancel();
  if (state === 'finished') settler.resolve(42);
  if (state === 'failed') settler.reject(new RangeError('no'));
  return settler;
}

const states = [
  'pending',
  'running',
  'cancelled',
  'finished',
  'failed',
] as const;

describe('the state machine', () => {
  const legal: Readonly<Record<string, readonly string[]>> = {
    pending: ['start', 'cancel', 'resolve', 'reject'],
    running: ['resolve', 'reject'],
    // cancel() of a cancelled future changes nothing and is true again.
    cancelled: ['cancel'],
  };
  const actions = {
    start: (settler: Settler<number>) => {
      settler.start();
      return true;
    },
    cancel: (settler: Settler<number>) => settler.future.cancel(),
    resolve: (settler: Settler<number>) => {
      settler.resolve(1);
      return true;
    },
    reject: (settler: Settler<number>) => {
      settler.reject(new Error());
      return true;
    },
  };

  test.each(states)('allows from %s only what the table says', (state) => {
    for (const [name, action] of Object.entries(actions)) {
      const settler = inState(state);
      const before = String(settler.future);
      let done: boolean;
      try {
        done = action(settler);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidStateError);
        expect(String(error)).toContain(before);
        done = false;
      }
      expect(done, `${name} from ${state}`).toBe(
        legal[state]?.includes(name) ?? false,
      );
      if (!done) expect(String(settler.future)).toBe(before);
    }
  });

  test('tells its state in every way', () => {
    const shown = states.map((state) => {
      const { future } = inState(state);
      return [
        future.state,
        future.done,
        future.running,
        future.cancelled,
        future.failed,
        String(future).replace(/#\d+/, '#'),
      ];
    });
    expect(shown).toEqual([
      ['pending', false, false, false, false, '<Future # state=pending>'],
      ['running', false, true, false, false, '<Future # state=running>'],
      ['cancelled', true, false, true, false, '<Future # state=cancelled>'],
      [
        'finished',
        true,
        false,
        false,
        false,
        '<Future # state=finished returned number>',
      ],
      [
        'finished',
        true,
        false,
        false,
        true,
        '<Future # state=finished raised RangeError>',
      ],
    ]);
  });

  test('a snapshot has the state and the outcome', () => {
    const pending = { done: false, cancelled: false, failed: false };
    const finished = { state: 'finished', done: true, cancelled: false };
    expect(states.map((state) => inState(state).future.snapshot())).toEqual([
      { state: 'pending', ...pending },
      { state: 'running', ...pending },
      { state: 'cancelled', done: true, cancelled: true, failed: false },
      { ...finished, failed: false, result: 42 },
      { ...finished, failed: true, exception: new RangeError('no') },
    ]);
    const settler = new Settler<number>();
    const before = settler.future.snapshot();
    settler.resolve(1);
    expect(before.state).toBe('pending');
  });

  test('an owner that does not give the task up prevents cancel()', () => {
    class Claimed extends Settler<number> {
      override revoke(): boolean {
        return false;
      }
    }
    const { future } = new Claimed();
    expect(future.cancel()).toBe(false);
    expect(future.state).toBe('pending');
  });
});

describe('done callbacks', () => {
  test.each(['resolve', 'reject', 'cancel'] as const)(
    'run once, in order, with the future, after %s',
    (how) => {
      const settler = new Settler<number>();
      const calls: unknown[] = [];
      const removed = (): void => void calls.push('removed');
      settler.future.addDoneCallback((future) => calls.push(['a', future]));
      settler.future.addDoneCallback(removed);
      settler.future.addDoneCallback((future) => calls.push(['b', future]));
      settler.future.removeDoneCallback(removed);
      if (how === 'resolve') settler.resolve(1);
      else if (how === 'reject') settler.reject(new Error());
      else settler.future.cancel();
      expect(calls).toEqual([
        ['a', settler.future],
        ['b', settler.future],
      ]);
      settler.future.addDoneCallback(() => calls.push('late'));
      expect(calls[2]).toBe('late');
    },
  );

  test('one that throws becomes a warning, and the others still run', async () => {
    const settler = new Settler<number>();
    const calls: string[] = [];
    settler.future.addDoneCallback(() => {
      throw new Error('from the callback');
    });
    settler.future.addDoneCallback(() => calls.push('next'));
    const warning = nextWarning('FutureCallbackWarning');
    settler.resolve(1);
    expect(calls).toEqual(['next']);
    expect((await warning).message).toMatch(
      /exception calling callback for <Future #\d+ .*from the callback/s,
    );
  });
});

test('callbacks run in the async context of whoever added them', () => {
  const storage = new AsyncLocalStorage<string>();
  const settler = new Settler<number>();
  const seen: unknown[] = [];
  const see = (): void => void seen.push(storage.getStore());
  for (const name of ['first', 'second']) {
    storage.run(name, () => {
      settler.future.addProgressCallback(see);
      settler.future.addDoneCallback(see);
    });
  }
  settler.future.addDoneCallback(see);
  storage.run('executor', () => {
    settler.progress(1);
    settler.resolve(1);
  });
  expect(seen).toEqual(['first', 'second', 'first', 'second', undefined]);
});

describe('awaiting', () => {
  test('a waiter is woken by the settlement', async () => {
    for (const settle of [
      (settler: Settler<number>) => {
        settler.resolve(42);
      },
      (settler: Settler<number>) => {
        settler.reject('no');
      },
    ]) {
      const settler = new Settler<number>();
      const waiting = Promise.allSettled([
        settler.future,
        settler.future.result({ timeout: 60_000 }),
        settler.future.exception(),
      ]);
      settle(settler);
      expect((await waiting).map(({ status }) => status)).toEqual(
        settler.future.failed
          ? ['rejected', 'rejected', 'fulfilled']
          : ['fulfilled', 'fulfilled', 'fulfilled'],
      );
    }
  });

  test('a failed future that nobody awaits causes no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', hear);
    inState('failed');
    inState('cancelled');
    await new Promise(setImmediate);
    process.off('unhandledRejection', hear);
    expect(unhandled).toEqual([]);
  });

  test('a future is a promise to whoever asks', async () => {
    const settler = new Settler<number>();
    const { future } = settler;
    expect(future).toBeInstanceOf(Promise);
    expect(types.isPromise(future)).toBe(true);
    const ends: string[] = [];
    const all = Promise.all([
      Promise.resolve(future),
      Promise.race([future]),
      Promise.any([future]),
      Promise.prototype.finally.call(future, () => ends.push('finally')),
      (async () => future)(),
    ]);
    settler.resolve(42);
    expect(await all).toEqual([42, 42, 42, 42, 42]);
    expect(ends).toEqual(['finally']);
    expect(future.then()).not.toBeInstanceOf(Future);
  });

  test('a failure is thrown at each who waits, before and after it', async () => {
    for (const state of ['failed', 'cancelled'] as const) {
      const settler = new Settler<number>();
      const { future } = settler;
      const before = Promise.allSettled([
        future,
        future.then(),
        Promise.prototype.catch.call(future, (error: unknown) => ({ error })),
      ]);
      if (state === 'failed') settler.reject(undefined);
      else future.cancel();
      const reason: unknown = await future.then(
        () => 'none',
        (error: unknown) => error,
      );
      if (state === 'failed') expect(reason).toBeUndefined();
      else expect(reason).toBeInstanceOf(CancelledError);
      expect(await before).toEqual([
        { status: 'rejected', reason },
        { status: 'rejected', reason },
        { status: 'fulfilled', value: { error: reason } },
      ]);
      await expect(async () => future).rejects.toBe(reason);
    }
  });

  test('a wait for a failed future that nobody awaits is an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', hear);
    const { future } = inState('failed');
    void future.then(() => 'never');
    await new Promise(setImmediate);
    process.off('unhandledRejection', hear);
    for (const listener of before) process.on('unhandledRejection', listener);
    expect(unhandled).toEqual([future.snapshot().exception]);
  });

  test('what it is settled by cannot be reached', () => {
    const { future } = new Settler<number>();
    expect(Object.keys(future)).toEqual(['id']);
  });

  test('results that are kept do not keep the task', async () => {
    class Heavy extends Settler<number> {
      readonly args = new Uint8Array(8);
    }
    const make = (): { future: Future<number>; weak: WeakRef<Heavy> } => {
      const settler = new Heavy();
      settler.resolve(1);
      return { future: settler.future, weak: new WeakRef(settler) };
    };
    const { future, weak } = make();
    await new Promise(setImmediate);
    const { gc } = globalThis;
    expect(gc, 'node must run with --expose-gc').toBeDefined();
    await gc?.({ execution: 'async' });
    expect(weak.deref()).toBeUndefined();
    expect(await future).toBe(1);
  });
});
