import { expect, test } from 'vitest';
import { TaskInvalidError } from '../../src/core/errors.ts';
import { moduleTasks, task } from '../../src/core/task.ts';

function double(n: number): number {
  return 2 * n;
}

/** For calls that the types do not allow. */
const untyped: (...args: unknown[]) => unknown = task as never;

test('a task is the function itself', () => {
  expect(task(import.meta.url, double)).toBe(double);
});

test.each([
  ['a path', () => moduleTasks('./tasks.js'), 'got "./tasks.js"'],
  ['a package', () => moduleTasks('some-package'), 'got "some-package"'],
  ['a path of Windows', () => moduleTasks('C:\\tasks.js'), 'got "C:'],
  [
    'a URL object',
    () => moduleTasks(new URL('file:///tasks.js') as never),
    'got object',
  ],
  ['a function alone', () => untyped(double), 'got function'],
  ['no function', () => untyped(import.meta.url), 'a function, got undefined'],
  ['no name', () => task(import.meta.url, () => 1), 'without a name'],
  [
    'a second function of that name',
    () => {
      const { first, second } = {
        first: { same: () => 1 },
        second: { same: () => 2 },
      };
      task(import.meta.url, first.same);
      return task(import.meta.url, second.same);
    },
    'a second function named same',
  ],
])('%s is refused at once, in words that help', (_, make, message) => {
  expect(make).toThrow(TaskInvalidError);
  expect(make).toThrow(message);
});

test.each(['node:zlib', 'file:///tasks.js', 'data:text/javascript,'])(
  '%s is the URL of a module',
  (url) => {
    const { run } = moduleTasks<{ run(): void }>(url);
    expect(run.name).toBe('run');
  },
);
