import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import {
  AbortError,
  AsyncExecutor,
  CancelledError,
  OptionTypeError,
  TaskGroup,
  TaskGroupClosedError,
  asCompleted,
  taskContext,
  type Future,
} from '@concurrent-executors/executor';
import {
  add,
  double,
  heedSignal,
  passGate,
  throwError,
  throwValue,
} from '../fixtures/tasks.mjs';
import { backends, concurrentBackends } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';
import { cancel } from '../support/told.ts';

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (thrown: unknown) => thrown,
  );

describe.each(backends)('$name: TaskGroup', ({ make }) => {
  test('returns what the body returns, when every task is done', async () => {
    await using executor = make();
    const futures: Future<number>[] = [];
    const sum = await TaskGroup.run(executor, async (group) => {
      const first = group.submit(double, 1);
      futures.push(first, group.submit(double, 2));
      return (await first) + 1;
    });
    expect(sum).toBe(3);
    expect(futures.map(({ state }) => state)).toEqual(['finished', 'finished']);
  });

  test('fail-fast: the first failure is thrown, and the rest does not run', async () => {
    await using executor = make(1);
    let last: Future<number> | undefined;
    const error = await caught(
      TaskGroup.run(executor, (group) => {
        group.submit(throwError, 'too far');
        group.submit(throwValue, 'later');
        last = group.submit(double, 1);
        return 'not this';
      }),
    );
    expect(error).toMatchObject({ name: 'RangeError', message: 'too far' });
    expect(last?.done).toBe(true);
  });

  test('a failure may be falsy', async () => {
    await using executor = make();
    const group = new TaskGroup(executor);
    group.submit(throwValue, undefined);
    expect(await caught(group.join())).toBeUndefined();
  });

  test('supervise: all run, and all failures are thrown in order', async () => {
    await using executor = make();
    let future: Future<number> | undefined;
    const error = await caught(
      TaskGroup.run(
        executor,
        (group) => {
          group.submit(throwError, 'first');
          future = group.submit(double, 4);
          group.submit(throwValue, null);
        },
        { policy: 'supervise' },
      ),
    );
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: '2 tasks of a group failed',
      errors: [{ message: 'first' }, null],
    });
    expect(future?.snapshot().result).toBe(8);
  });

  test('first-success: failures do not matter once there is a result', async () => {
    await using executor = make();
    const result = await TaskGroup.run(
      executor,
      (group) =>
        Promise.any([
          group.submit(throwError, 'too far'),
          group.submit(add, 2, 3),
          group.submit(add, 2, 3),
        ]),
      { policy: 'first-success' },
    );
    expect(result).toBe(5);
  });

  test('first-success: if all fail, all errors are thrown in order', async () => {
    await using executor = make();
    const group = new TaskGroup(executor, { policy: 'first-success' });
    group.submit(throwError, 'first');
    group.submit(throwValue, 2);
    expect(await caught(group.join())).toMatchObject({
      name: 'AggregateError',
      errors: [{ message: 'first' }, 2],
    });
  });

  test('a body that throws takes its tasks along', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    let held: Future<never> | undefined;
    let queued: Future<number> | undefined;
    const error = await caught(
      TaskGroup.run(executor, async (group) => {
        held = group.submit(heedSignal, gate.path);
        queued = group.submit(double, 1);
        await gate.arrived(1);
        throw new EvalError('of the body');
      }),
    );
    expect(error).toEqual(new EvalError('of the body'));
    expect(queued?.cancelled).toBe(true);
    expect(held?.snapshot().exception).toMatchObject({
      code: 'ERR_ABORTED',
      cause: error,
    });
  });

  test('what a done callback submits is part of the group', async () => {
    await using executor = make();
    const results: unknown[] = [];
    await TaskGroup.run(executor, (group) => {
      const again = (future: Future<number>): void => {
        const { result = 0 } = future.snapshot();
        results.push(result);
        if (result < 32) group.submit(double, result).addDoneCallback(again);
      };
      group.submit(double, 1).addDoneCallback(again);
    });
    expect(results).toEqual([2, 4, 8, 16, 32]);
  });

  test('takes nothing more when it is closed', async () => {
    await using executor = make();
    let kept: TaskGroup | undefined;
    await TaskGroup.run(executor, (group) => {
      kept = group;
    });
    expect(() => kept?.submit(double, 1)).toThrow(TaskGroupClosedError);
    expect(() => kept?.with({ retries: 1 }).submit(double, 1)).toThrow(
      /the task group is closed/,
    );
    expect(() => kept?.map(double, [1])).toThrow(TaskGroupClosedError);
    await expect(kept?.invokeAll([[double, 1]])).rejects.toThrow(
      TaskGroupClosedError,
    );
    await kept?.join(); // a second time does no harm
    expect(await executor.submit(double, 1)).toBe(2);
  });

  test('after a failure, what is submitted is cancelled', async () => {
    await using executor = make();
    const group = new TaskGroup(executor);
    const failed = group.submit(throwError, 'too far');
    const error = await failed.exception();
    expect(group.signal.reason).toBe(error);
    const late = group.submit(double, 1);
    expect(late.cancelled).toBe(true);
    await expect(late.result()).rejects.toMatchObject({
      code: 'ERR_CANCELLED',
      cause: error,
    });
    await expect(group.join()).rejects.toBe(error);
  });

  test('what is cancelled or aborted on its own does not fail the group', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const double4 = await TaskGroup.run(executor, async (group) => {
      const running = group.submit(heedSignal, gate.path);
      const waiting = group.submit(double, 1);
      await gate.arrived(1);
      await cancel(waiting);
      running.abort();
      expect(await running.exception()).toBeInstanceOf(AbortError);
      return group.submit(double, 4);
    });
    expect(double4).toBe(8);
  });

  test('a signal ends the group', async () => {
    await using gate = await makeGate();
    await using executor = make(1);
    const controller = new AbortController();
    const states: string[] = [];
    const running = TaskGroup.run(
      executor,
      (group) => {
        for (const future of [
          group.submit(heedSignal, gate.path),
          group.submit(double, 1),
        ]) {
          future.addDoneCallback(({ state }) => states.push(state));
        }
      },
      { signal: controller.signal, policy: 'supervise' },
    );
    await gate.arrived(1);
    controller.abort('enough');
    expect(await caught(running)).toMatchObject({
      code: 'ERR_ABORTED',
      message: 'the task group was aborted',
      cause: 'enough',
    });
    expect(states.sort()).toEqual(['cancelled', 'finished']);
    let called = false;
    const body = (): void => {
      called = true;
    };
    const options = { signal: controller.signal };
    await expect(TaskGroup.run(executor, body, options)).rejects.toThrow(
      AbortError,
    );
    expect(called).toBe(false);
  });

  test('a group inside fails on its own, and its body may be told', async () => {
    await using executor = make();
    const results = await TaskGroup.run(executor, async (outer) => {
      const first = outer.submit(double, 1);
      const error = await caught(
        TaskGroup.run(outer, (inner) => {
          inner.submit(throwError, 'inside');
        }),
      );
      expect(error).toMatchObject({ message: 'inside' });
      expect(outer.signal.aborted).toBe(false);
      return Promise.all([first, outer.submit(double, 2)]);
    });
    expect(results).toEqual([2, 4]);
  });

  test('the end of a group is the end of those inside', async () => {
    await using gate = await makeGate();
    await using executor = make();
    let innermost: Future<never> | undefined;
    let inner: Promise<unknown> | undefined;
    const error = await caught(
      TaskGroup.run(executor, async (outer) => {
        inner = caught(
          TaskGroup.run(outer, (middle) =>
            TaskGroup.run(middle, (group) => {
              innermost = group.submit(heedSignal, gate.path);
            }),
          ),
        );
        await gate.arrived(1);
        throw new EvalError('of the body');
      }),
    );
    expect(error).toEqual(new EvalError('of the body'));
    // Not only told to end: run() has waited for it.
    expect(innermost?.state).toBe('finished');
    expect(await inner).toMatchObject({
      message: 'the group around this one has ended',
      cause: error,
    });
  });

  test('await using: a block that is left without join() aborts', async () => {
    await using gate = await makeGate();
    await using executor = make();
    let held: Future<never> | undefined;
    const leave = async (): Promise<void> => {
      await using group = new TaskGroup(executor);
      held = group.submit(heedSignal, gate.path);
      await gate.arrived(1);
      throw new EvalError('of the block');
    };
    await expect(leave()).rejects.toEqual(new EvalError('of the block'));
    expect(held?.snapshot().exception).toBeInstanceOf(AbortError);
    {
      await using group = new TaskGroup(executor);
      const future = group.submit(double, 1);
      await group.join();
      expect(future.snapshot().result).toBe(2);
    }
  });

  test('map, invokeAll and options work as on the executor', async () => {
    await using executor = make();
    await TaskGroup.run(executor, async (group) => {
      const doubled: number[] = [];
      for await (const n of group.map(double, [1, 2, 3])) doubled.push(n);
      expect(doubled).toEqual([2, 4, 6]);
      const futures = await group.with({ retries: 1 }).invokeAll([
        [add, 1, 2],
        [double, 2],
      ]);
      expect(futures.map((future) => future.snapshot().result)).toEqual([3, 4]);
      for await (const future of asCompleted([group.submit(double, 4)])) {
        expect(await future.result()).toBe(8);
      }
    });
    const failing = TaskGroup.run(executor, async (group) => {
      await group.map(throwValue, ['no']).next();
    });
    expect(await caught(failing)).toBe('no');
  });

  test('refuses bad options', () => {
    const executor = make();
    const policy = 'none' as 'supervise';
    expect(() => new TaskGroup(executor, { policy })).toThrow(
      new OptionTypeError(
        'policy must be one of fail-fast, supervise, first-success, got "none"',
      ),
    );
  });
});

test('a task may end its own group before its submit() has returned', async () => {
  await using executor = new AsyncExecutor({ maxWorkers: 2 });
  const group = new TaskGroup(executor);
  const task = async (): Promise<void> => {
    const { signal } = taskContext();
    group.submit(throwValue, 'no');
    await once(signal, 'abort');
  };
  const future = group.submit(task);
  expect(await caught(group.join())).toBe('no');
  expect(future.done).toBe(true);
});

describe.each(concurrentBackends)('$name: TaskGroup', ({ make }) => {
  test('fail-fast aborts what runs and waits for its end', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    let held: Future<never> | undefined;
    const error = await caught(
      TaskGroup.run(executor, async (group) => {
        held = group.submit(heedSignal, gate.path);
        await gate.arrived(1);
        group.submit(throwError, 'too far');
      }),
    );
    expect(error).toMatchObject({ message: 'too far' });
    expect(held?.snapshot().exception).toMatchObject({
      code: 'ERR_ABORTED',
      cause: { message: 'too far' },
    });
  });

  test('first-success aborts what runs and cancels what waits', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const futures: Future<unknown>[] = [];
    const result = await TaskGroup.run(
      executor,
      async (group) => {
        futures.push(group.submit(heedSignal, gate.path));
        const first = group.submit(passGate, gate.path, 'first');
        await gate.arrived(2);
        for (let n = 0; n < 3; n += 1) {
          futures.push(group.submit(heedSignal, gate.path));
        }
        gate.open();
        return first;
      },
      { policy: 'first-success' },
    );
    expect(result).toBe('first');
    const errors = await Promise.all(
      futures.map((future) => caught(future.result())),
    );
    expect(errors[0]).toBeInstanceOf(AbortError);
    expect(errors.at(-1)).toBeInstanceOf(CancelledError);
  });

  test('one group does not touch what others submit', async () => {
    await using gate = await makeGate();
    await using executor = make(2);
    const other = executor.submit(passGate, gate.path, 'other');
    await gate.arrived(1);
    const group = new TaskGroup(executor);
    group.submit(throwValue, 'no');
    expect(await caught(group.join())).toBe('no');
    gate.open();
    expect(await other).toBe('other');
  });
});
