import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  BullMQExecutor,
  TaskLostError,
} from '@concurrent-executors/executor-bullmq';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { noted, notedAtGate, refuse } from './fixtures/failure-tasks.mjs';
import { makeGate } from './support/gate.ts';
import { makeRunLog } from './support/run-log.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/failure-tasks.mjs', import.meta.url).href;
const otherTasks = new URL('fixtures/tasks.mjs', import.meta.url).href;
const submitter = fileURLToPath(
  new URL('fixtures/submitter.mjs', import.meta.url),
);

interface Ids {
  readonly finished: string;
  readonly failed: string;
  readonly running: string;
  readonly waiting: string;
}

describe.skipIf(executable === undefined)('the loss of a submitter', () => {
  test('another program gets its results by the ids of its tasks', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(
      redis.url,
      [tasks, otherTasks],
      ...['--concurrency', '1'],
    );
    const child = spawn(
      process.execPath,
      [submitter, redis.url, log.path, gate.path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = once(child, 'close');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [
      string,
    ]; // as readline gives it
    child.kill('SIGKILL');
    await gone;
    const ids = JSON.parse(line) as Ids; // as the fixture prints them
    await using executor = new BullMQExecutor({
      redis: redis.url,
      reconcileInterval: 200,
    });
    expect(await executor.attach(noted, ids.finished)).toBe('finished');
    await expect(executor.attach(refuse, ids.failed)).rejects.toThrow(
      new RangeError('no'),
    );
    await expect(executor.attach(noted, randomUUID())).rejects.toThrow(
      TaskLostError,
    );
    const running = executor.attach(notedAtGate, ids.running);
    const waiting = executor.attach(noted, ids.waiting);
    expect(executor.idOf(running)).toBe(ids.running);
    gate.open();
    expect(await running).toBe('running');
    expect(await waiting).toBe('waiting');
    // Once more, now that they are done, and twice at once.
    const again = [ids.running, ids.running].map((id) =>
      executor.attach(notedAtGate, id),
    );
    expect(await Promise.all(again)).toEqual(['running', 'running']);
    expect(Object.fromEntries(log.starts())).toEqual({
      finished: 1,
      running: 1,
      waiting: 1,
    });
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a program can ask for its own task by its id, while that runs', async () => {
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    using log = makeRunLog();
    await using worker = await startWorker(redis.url, [tasks]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const own = executor.submit(notedAtGate, log.path, 'task', gate.path);
    await gate.arrived(1);
    const attached = executor.attach(notedAtGate, executor.idOf(own) ?? '');
    gate.open();
    expect(await Promise.all([own, attached])).toEqual(['task', 'task']);
    expect(log.starts().get('task')).toBe(1);
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
