import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ExecutorError } from '@concurrent-executors/executor';
import {
  decodeThrownBody,
  encodeThrownBody,
} from '@concurrent-executors/executor/backend';
import * as bullmq from '@concurrent-executors/executor-bullmq';

const classes = [
  bullmq.MessageRefusedError,
  bullmq.RedisConnectionError,
  bullmq.TaskCodeMismatchError,
  bullmq.TaskLostError,
  bullmq.WorkerLostError,
];

test('docs/errors.md lists every code with its class and a remedy, in order', async () => {
  const text = await readFile(
    new URL('../../../docs/errors.md', import.meta.url),
    'utf8',
  );
  const [, own = ''] = text.split(/^# Errors of executor-bullmq$/m);
  const sections = own
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      code: section.slice(0, section.indexOf('\n')),
      name: /`(\w+)`/.exec(section)?.[1],
      remedy: /\*\*Remedy\*\*:\s\S/.test(section),
    }));
  expect(sections).toEqual(
    classes
      .map((ErrorClass) => new ErrorClass('message'))
      .map(({ code, name }) => ({ code, name, remedy: true }))
      .sort((a, b) => a.code.localeCompare(b.code)),
  );
});

test('every error class that is exported is among them', () => {
  const exported = Object.values<unknown>({ ...bullmq }).filter(
    (value) =>
      typeof value === 'function' && value.prototype instanceof ExecutorError,
  );
  expect(exported).toEqual(expect.arrayContaining(classes));
  expect(exported).toHaveLength(classes.length);
});

test.each(classes)('%o keeps its class on the way', (ErrorClass) => {
  const { bytes } = encodeThrownBody(new ErrorClass('message'));
  const error = decodeThrownBody({ bytes });
  expect(error).toBeInstanceOf(ErrorClass);
  expect(error).toMatchObject({ message: 'message' });
});
