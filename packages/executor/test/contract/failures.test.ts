/*
 * One bad task, and then: the right error for it, and only for it; and the pool
 * goes on. On an idle pool, with a full queue, and during shutdown.
 */
import { describe, expect, test } from 'vitest';
import {
  BrokenExecutorError,
  NestedExecutorError,
  ResultNotSerializableError,
  TaskInvalidError,
  TaskNotFoundError,
  TaskNotSerializableError,
  WorkerExitError,
  moduleTasks,
  type Future,
  type PoolExecutor,
} from '@concurrent-executors/executor';
import {
  double,
  echo,
  exit,
  kill,
  nest,
  passGate,
  rejectUnheard,
  returnBadGetter,
  returnFunction,
  returnNested,
  throwDetailed,
  throwUnclonable,
  throwValue,
} from '../fixtures/tasks.mjs';
import { returnDeadlyGetter } from '../fixtures/worker-tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeGate } from '../support/gate.ts';

const fixture = (name: string): string =>
  new URL(`../fixtures/${name}`, import.meta.url).href;

interface Failure {
  readonly name: string;
  readonly only?: 'process';
  readonly submit: (pool: PoolExecutor) => Future<unknown>;
  readonly check: (error: unknown) => void;
}

const failures: readonly Failure[] = [
  {
    name: 'process.exit(0) in the task',
    submit: (pool) => pool.submit(exit, 0),
    check: (error) => {
      expect(error).toBeInstanceOf(WorkerExitError);
      expect(error).toMatchObject({ exitCode: 0, signal: null });
      expect(String(error)).toMatch(
        /worker (thread|process) \d+ exited with code 0 while running task exit/,
      );
    },
  },
  {
    name: 'process.exit(3) in the task',
    submit: (pool) => pool.submit(exit, 3),
    check: (error) => {
      expect(error).toMatchObject({ code: 'ERR_WORKER_EXIT', exitCode: 3 });
    },
  },
  {
    name: 'SIGKILL',
    only: 'process',
    submit: (pool) => pool.submit(kill, 'SIGKILL'),
    check: (error) => {
      expect(error).toMatchObject({ signal: 'SIGKILL', exitCode: null });
    },
  },
  {
    name: 'SIGSEGV',
    only: 'process',
    submit: (pool) => pool.submit(kill, 'SIGSEGV'),
    check: (error) => {
      expect(error).toMatchObject({ signal: 'SIGSEGV', exitCode: null });
    },
  },
  {
    name: 'a rejection in the worker that nobody handles',
    submit: (pool) => pool.submit(rejectUnheard),
    check: (error) => {
      expect(error).toMatchObject({ code: 'ERR_WORKER_EXIT', exitCode: 1 });
    },
  },
  {
    name: 'an argument that cannot be sent',
    submit: (pool) => pool.submit(echo, () => 1),
    check: (error) => {
      expect(error).toBeInstanceOf(TaskNotSerializableError);
      expect(String(error)).toContain('argument of task echo');
    },
  },
  {
    name: 'an argument with a getter that throws',
    submit: (pool) =>
      pool.submit(echo, {
        get value(): never {
          throw new SyntaxError('from the getter');
        },
      }),
    check: (error) => {
      expect(error).toBeInstanceOf(TaskNotSerializableError);
      expect((error as Error).cause).toBeInstanceOf(SyntaxError);
    },
  },
  {
    name: 'a result that cannot be sent',
    submit: (pool) => pool.submit(returnFunction),
    check: (error) => {
      expect(error).toBeInstanceOf(ResultNotSerializableError);
      expect(String(error)).toContain('result of task returnFunction');
    },
  },
  {
    name: 'a result with a getter that throws',
    submit: (pool) => pool.submit(returnBadGetter),
    check: (error) => {
      expect(error).toBeInstanceOf(ResultNotSerializableError);
      expect((error as Error).cause).toBeInstanceOf(SyntaxError);
    },
  },
  {
    name: 'a result with a getter that ends its worker',
    submit: (pool) => pool.submit(returnDeadlyGetter, 'exit'),
    check: (error) => {
      expect(error).toMatchObject({ code: 'ERR_WORKER_EXIT', exitCode: 5 });
    },
  },
  {
    name: 'a result with a getter that crashes its process',
    only: 'process',
    submit: (pool) => pool.submit(returnDeadlyGetter, 'kill'),
    check: (error) => {
      expect(error).toMatchObject({ signal: 'SIGSEGV', exitCode: null });
    },
  },
  {
    name: 'a result that can be sent and not be read',
    only: 'process',
    submit: (pool) => pool.submit(returnNested, 2750),
    check: (error) => {
      expect(error).toBeInstanceOf(ResultNotSerializableError);
      expect((error as Error).cause).toBeInstanceOf(RangeError);
    },
  },
  {
    name: 'an argument that can be sent and not be read',
    only: 'process',
    submit: (pool) => pool.submit(echo, nest(2750)),
    check: (error) => {
      expect(error).toBeInstanceOf(TaskNotSerializableError);
      expect((error as Error).cause).toBeInstanceOf(RangeError);
    },
  },
  {
    name: 'a module that fails to import',
    submit: (pool) =>
      pool.submit(
        moduleTasks<{ run(): void }>(fixture('broken-module.mjs')).run,
      ),
    check: (error) => {
      expect(error).toBeInstanceOf(URIError);
    },
  },
  {
    name: 'a module that ends its worker when it is imported',
    submit: (pool) =>
      pool.submit(moduleTasks<{ run(): void }>(fixture('exit-module.mjs')).run),
    check: (error) => {
      expect(error).toMatchObject({ code: 'ERR_WORKER_EXIT', exitCode: 8 });
    },
  },
  {
    name: 'a module that crashes its process when it is imported',
    only: 'process',
    submit: (pool) =>
      pool.submit(
        moduleTasks<{ run(): void }>(fixture('exit-module.mjs?kill')).run,
      ),
    check: (error) => {
      expect(error).toMatchObject({ signal: 'SIGSEGV', exitCode: null });
    },
  },
  {
    name: 'a module without the task',
    submit: (pool) =>
      pool.submit(moduleTasks<{ none(): void }>(fixture('tasks.mjs')).none),
    check: (error) => {
      expect(error).toBeInstanceOf(TaskNotFoundError);
      expect(String(error)).toContain('has no task named none');
    },
  },
  {
    name: 'a module that starts a pool when it is imported',
    submit: (pool) =>
      pool.submit(
        moduleTasks<{ nested(): void }>(fixture('nested.mjs')).nested,
      ),
    check: (error) => {
      expect(error).toBeInstanceOf(NestedExecutorError);
    },
  },
  {
    name: 'throw null',
    submit: (pool) => pool.submit(throwValue, null),
    check: (error) => {
      expect(error).toBeNull();
    },
  },
  {
    name: 'an aggregate of errors with own properties',
    submit: (pool) => pool.submit(throwDetailed),
    check: (error) => {
      expect(error).toBeInstanceOf(AggregateError);
      const [inner, text] = (error as AggregateError).errors as unknown[];
      expect(inner).toMatchObject({
        name: 'CustomError',
        code: 'E_CUSTOM',
        details: new Map([['key', 1n]]),
      });
      expect(text).toBe('text');
    },
  },
  {
    name: 'an error with a property that cannot be sent',
    submit: (pool) => pool.submit(throwUnclonable),
    check: (error) => {
      expect(error).toMatchObject({
        message: 'has a function',
        code: 'E_FUNCTION',
        retry: '[Function: retry]',
      });
    },
  },
];

const moments = ['idle', 'full queue', 'shutdown'] as const;

for (const { name: kind, Pool } of pools) {
  const rows = failures.filter(
    ({ only }) => only === undefined || only === kind,
  );
  describe.each(moments)(`${kind} pool, %s`, (moment) => {
    test.each(rows)('$name', async ({ submit, check }) => {
      const pool = new Pool({ maxWorkers: 1 });
      const before =
        moment === 'full queue' ? pool.map(double, [1, 2, 3]) : undefined;
      const bad = submit(pool);
      const after = pool.submit(double, 21);
      const closed = moment === 'shutdown' ? pool.shutdown() : undefined;
      // Not expect().rejects: a task may throw undefined.
      const thrown = await bad.then(
        () => expect.unreachable('the task must fail'),
        (error: unknown) => error,
      );
      check(thrown);
      expect(await after).toBe(42);
      if (before !== undefined) {
        expect((await before.next()).value).toBe(2);
        await before.return();
      }
      await (closed ?? pool.shutdown());
    });
  });

  test(`${kind} pool: what runs elsewhere is not touched by a crash`, async () => {
    await using pool = new Pool({ maxWorkers: 2 });
    const crashes = Array.from({ length: 5 }, (_, n) => pool.submit(exit, n));
    const sums = Array.from({ length: 50 }, (_, n) => pool.submit(double, n));
    expect(await Promise.all(sums)).toEqual(sums.map((_, n) => n * 2));
    for (const [n, crash] of crashes.entries()) {
      expect(await crash.exception()).toMatchObject({ exitCode: n });
    }
  });

  test(`${kind} pool: a plain function is refused, with the remedy`, async () => {
    await using pool = new Pool();
    const plain = (() => 1) as unknown as typeof double; // what JavaScript callers may pass
    expect(() => pool.submit(plain, 1)).toThrow(TaskInvalidError);
    expect(() => pool.submit(plain, 1)).toThrow(
      /wrap it as task\(import\.meta\.url/,
    );
    // Also where it would run in this event loop.
    await using gate = await makeGate();
    await using full = new Pool({
      maxWorkers: 1,
      maxQueue: 0,
      onFull: 'callerRuns',
    });
    const front = full.submit(passGate, gate.path, 'front');
    expect(() => full.submit(plain, 1)).toThrow(TaskInvalidError);
    gate.open();
    await front;
  });
}

test('workers that cannot start break the pool instead of being started for ever', async () => {
  const { execArgv } = process;
  process.execArgv = [...execArgv, '--no-such-option'];
  try {
    const { ProcessPoolExecutor } =
      await import('@concurrent-executors/executor');
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const futures = [1, 2, 3].map((n) => pool.submit(double, n));
    for (const future of futures) {
      const error = await future.exception();
      expect(error).toBeInstanceOf(BrokenExecutorError);
      expect((error as Error).cause).toMatchObject({ exitCode: 9 });
    }
    expect(
      new Set(await Promise.all(futures.map((f) => f.exception()))).size,
    ).toBe(3);
    expect(() => pool.submit(double, 1)).toThrow(BrokenExecutorError);
    await pool.shutdown();
  } finally {
    process.execArgv = execArgv;
  }
});
