import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import * as executor from '@concurrent-executors/executor';
import { executorErrorClasses } from '../src/core/errors.ts';

const exit = {
  worker: 'thread 1',
  exitCode: 1,
  signal: null,
  stderr: '',
  outOfMemory: false,
};

/** Code and class name of each error that can be thrown. */
const errors = executorErrorClasses.map((ErrorClass) => {
  const error =
    ErrorClass === executor.WorkerExitError ||
    ErrorClass === executor.WorkerOutOfMemoryError
      ? new ErrorClass(exit, 'running task t')
      : new (ErrorClass as typeof executor.TimeoutError)('message'); // all others take a message
  return { code: error.code, name: error.name };
});

test('docs/errors.md lists every code with its class and a remedy, in order', async () => {
  const text = await readFile(
    new URL('../../../docs/errors.md', import.meta.url),
    'utf8',
  );
  // After that come those of other packages.
  const [own = ''] = text.split(/^# Errors of /m);
  const sections = own
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      code: section.slice(0, section.indexOf('\n')),
      name: /`(\w+)`/.exec(section)?.[1],
      remedy: /\*\*Remedy\*\*:\s\S/.test(section),
    }));
  expect(sections).toEqual(
    errors
      .map((error) => ({ ...error, remedy: true }))
      .sort((a, b) => a.code.localeCompare(b.code)),
  );
});

test('every error class is exported, and named like its class', () => {
  for (const [index, { name }] of errors.entries()) {
    expect(executor).toHaveProperty(name);
    expect(executorErrorClasses[index]?.name).toBe(name);
  }
});
