import { randomUUID } from 'node:crypto';
import { encodeValue } from '@concurrent-executors/executor/backend';
import { OptionRangeError } from '@concurrent-executors/executor';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { ExecutorWorker } from '@concurrent-executors/executor-bullmq/worker';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { writeControl } from '../src/wire/control.ts';
import { replyFields } from '../src/wire/reply.ts';
import { Signer } from '../src/wire/signer.ts';
import { add, log, passGate } from './fixtures/tasks.mjs';
import { makeGate } from './support/gate.ts';
import { makeIntruder } from './support/intruder.ts';
import { makeRunLog } from './support/run-log.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

const KEY = 'the key of executor and worker';
const OTHER_KEY = 'the key of somebody else';

function bytesOf(...args: readonly unknown[]): Uint8Array {
  return encodeValue(args).bytes;
}

function withKey(key: string): void {
  process.env['EXECUTOR_HMAC_KEY'] = key; // workers inherit it
  onTestFinished(() => {
    delete process.env['EXECUTOR_HMAC_KEY'];
  });
}

describe.skipIf(executable === undefined)('what anybody can put there', () => {
  test('fails its own job, and the worker goes on', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using intruder = makeIntruder(redis, tasks);
    const body = bytesOf(1, 2);
    const hostile: [string, unknown, string][] = [
      ['add', 'garbage', 'ERR_MESSAGE_REFUSED'],
      ['add', null, 'ERR_MESSAGE_REFUSED'],
      ['add', [], 'ERR_MESSAGE_REFUSED'],
      ['add', intruder.envelope({}, body, { v: 2 }), 'ERR_MESSAGE_REFUSED'],
      [
        'add',
        intruder.envelope({}, body, { kind: 'x' }),
        'ERR_MESSAGE_REFUSED',
      ],
      [
        'add',
        intruder.envelope({}, body, { timeout: -1 }),
        'ERR_MESSAGE_REFUSED',
      ],
      [
        'add',
        intruder.envelope({}, body, { timeout: 1e300 }),
        'ERR_MESSAGE_REFUSED',
      ],
      [
        'add',
        intruder.envelope({}, body, { room: 'much' }),
        'ERR_MESSAGE_REFUSED',
      ],
      [
        'add',
        intruder.envelope({}, body, { hash: '0' }),
        'ERR_TASK_CODE_MISMATCH',
      ],
      ['add', intruder.envelope({}, body, { body: null }), 'ERR_TASK_LOST'],
      [
        'add',
        intruder.envelope({}, body, { body: '%%%%' }),
        'ERR_TASK_NOT_SERIALIZABLE',
      ],
      [
        'add',
        intruder.envelope({}, Buffer.alloc(100, 0xff)),
        'ERR_TASK_NOT_SERIALIZABLE',
      ],
      ['add', intruder.envelope({}, encodeValue(7).bytes), ''],
      ...['__proto__', 'constructor', 'toString', 'gone', '', 'a b\n'].map(
        (name): [string, unknown, string] => [
          name,
          intruder.envelope({ name }, body),
          'ERR_TASK_NOT_FOUND',
        ],
      ),
    ];
    for (const [name, data, code] of hostile) {
      const failure = await intruder.failureOf(await intruder.add(name, data));
      if (code !== '')
        expect(failure, JSON.stringify(data)).toMatchObject({ code });
      else expect(failure, JSON.stringify(data)).toBeInstanceOf(Error);
    }
    await using executor = new BullMQExecutor({ redis: redis.url });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a record that is no JSON does not stop the worker', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(
      redis.url,
      [tasks],
      ...['--lock-duration', '0.5'],
    );
    await using intruder = makeIntruder(redis, tasks);
    const { queueKey } = intruder;
    for (const [id, data, opts] of [
      ['no-json', '{', '{}'],
      ['no-options', '{}', '{'],
      ['odd-options', '{}', '{"attempts":"many","backoff":{"type":"x"}}'],
    ] as const) {
      await intruder.redis.hset(`${queueKey}:${id}`, {
        name: 'add',
        data,
        opts,
        timestamp: 1,
        priority: 1,
      });
      await intruder.redis.zadd(`${queueKey}:prioritized`, 1, id);
      await intruder.redis.zadd(`${queueKey}:marker`, 0, '0');
    }
    await using executor = new BullMQExecutor({ redis: redis.url });
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => executor.submit(add, n, 1)),
    );
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a reply goes to streams of submitters in the namespace only', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using intruder = makeIntruder(redis, tasks);
    const streams = [
      'elsewhere',
      'exec:{other}:reply:x',
      'exec:{default}:control',
      'exec:{default}:reply:absent',
      'exec:{default}:reply:there',
    ];
    for (const key of streams) {
      if (!key.endsWith('absent'))
        await intruder.redis.xadd(key, '*', 'a', 'b');
      const data = intruder.envelope({}, bytesOf(1, 2), { replyTo: key });
      const id = await intruder.add('add', data);
      expect(await intruder.failureOf(id)).toBeUndefined();
    }
    // If the worker was held up, it has told of the start, too.
    const returned = async (): Promise<number> => {
      const entries = await intruder.redis.xrange(streams[4] ?? '', '-', '+');
      return entries.filter(([, fields]) =>
        fields.some((field) => field.includes('"type":"returned"')),
      ).length;
    };
    await until(async () => (await returned()) > 0);
    expect(await returned()).toBe(1);
    for (const key of streams.slice(0, 3)) {
      expect(await intruder.redis.xlen(key)).toBe(1);
    }
    expect(await intruder.redis.exists(streams[3] ?? '')).toBe(0);
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});

describe.skipIf(executable === undefined)('with an HMAC key', () => {
  test('a short one is refused', async () => {
    const options = { redis: 'unix:/nowhere', hmacKey: 'short' };
    expect(() => new BullMQExecutor(options)).toThrow(OptionRangeError);
    await expect(
      ExecutorWorker.start({ ...options, modules: [tasks] }),
    ).rejects.toThrow(OptionRangeError);
  });

  test.each([
    ['no', undefined],
    ['another', OTHER_KEY],
  ])('an executor with %s key is refused', async (_which, hmacKey) => {
    withKey(KEY);
    using runs = makeRunLog();
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using stranger = new BullMQExecutor({
      redis: redis.url,
      reconcileInterval: 100,
      ...(hmacKey === undefined ? {} : { hmacKey }),
    });
    await expect(stranger.submit(log, runs.path, 'ran')).rejects.toMatchObject({
      code: 'ERR_MESSAGE_REFUSED',
    });
    await using executor = new BullMQExecutor({
      redis: redis.url,
      hmacKey: KEY,
    });
    expect(await executor.submit(add, 1, 2)).toBe(3);
    expect(runs.lines()).toEqual([]);
    await Promise.all([stranger.shutdown(), executor.shutdown()]);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('changed calls are refused, and those that are sent again elsewhere', async () => {
    withKey(KEY);
    using runs = makeRunLog();
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using intruder = makeIntruder(redis, tasks);
    const id = randomUUID();
    const call = { id, name: 'log' };
    const body = bytesOf(runs.path, 'ran');
    const good = intruder.envelope(call, body, {}, KEY);
    expect(await intruder.failureOf(await intruder.add('log', good, id))).toBe(
      undefined,
    );
    expect(runs.lines()).toEqual(['ran']);
    const other = Buffer.from(bytesOf(runs.path, 'forged')).toString('base64');
    const elsewhere = { ...call, queue: 'another@1.0.0' };
    const changed: [string, string, unknown][] = [
      ['other arguments', 'log', { ...good, body: other }],
      ['another task', 'spin', good],
      ['a time-out', 'log', { ...good, timeout: 1_000 }],
      ['another kind', 'log', { ...good, kind: 'chunk' }],
      ['another stream', 'log', { ...good, replyTo: 'exec:{default}:reply:x' }],
      ['another id', 'log', good],
      ['no signature', 'log', { ...good, mac: undefined }],
      ['half a signature', 'log', { ...good, mac: good.mac?.slice(0, 20) }],
      ['odd characters', 'log', { ...good, mac: 'é'.repeat(43) }],
      ['another queue', 'log', intruder.envelope(elsewhere, body, {}, KEY)],
    ];
    for (const [what, name, data] of changed) {
      // The same id is free again once its record is gone.
      const used = what === 'another id' ? undefined : id;
      await intruder.redis.del(`${intruder.queueKey}:${id}`);
      await intruder.redis.zrem(`${intruder.queueKey}:completed`, id);
      await intruder.redis.zrem(`${intruder.queueKey}:failed`, id);
      const failure = await intruder.failureOf(
        await intruder.add(name, data, used),
        KEY,
      );
      expect(failure, what).toMatchObject({ code: 'ERR_MESSAGE_REFUSED' });
    }
    expect(runs.lines()).toEqual(['ran']);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('a call that was recorded runs once while its record is kept', async () => {
    withKey(KEY);
    using runs = makeRunLog();
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, [tasks]);
    await using intruder = makeIntruder(redis, tasks);
    const id = randomUUID();
    const call = { id, name: 'log' };
    const data = intruder.envelope(call, bytesOf(runs.path, 'ran'), {}, KEY);
    const again = async (): Promise<void> => {
      expect(
        await intruder.failureOf(await intruder.add('log', data, id)),
      ).toBeUndefined();
    };
    await again();
    await again();
    expect(runs.lines()).toEqual(['ran']);
    // Who can remove the record can have it run again, with the same arguments.
    await intruder.redis.del(`${intruder.queueKey}:${id}`);
    await again();
    expect(runs.lines()).toEqual(['ran', 'ran']);
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('forged replies and aborts are ignored', async () => {
    withKey(KEY);
    await using redis = await startRedis(executable ?? '');
    await using gate = await makeGate();
    await using worker = await startWorker(redis.url, [tasks]);
    await using intruder = makeIntruder(redis, tasks);
    await using executor = new BullMQExecutor({
      redis: redis.url,
      hmacKey: KEY,
    });
    const warnings: Error[] = [];
    const listen = (warning: Error): void => {
      if (warning.name === 'MessageRefusedWarning') warnings.push(warning);
    };
    process.on('warning', listen);
    const future = executor.submit(passGate, gate.path, 'passed');
    const id = executor.idOf(future) ?? '';
    await gate.arrived(1);
    const [stream = ''] = await intruder.redis.keys('exec:*:reply:*');
    for (const key of [undefined, OTHER_KEY]) {
      const signer = new Signer(key);
      const report = { attempt: 1, worker: 'forged', ms: 1 };
      await intruder.redis.xadd(
        stream,
        '*',
        ...replyFields(
          signer,
          id,
          { type: 'returned', ...report },
          encodeValue('forged').bytes,
        ),
      );
      const abort = writeControl(signer, {
        type: 'abort',
        id,
        reason: 'forged',
      });
      await intruder.redis.publish(intruder.names.control, abort);
      await intruder.redis.publish(intruder.names.control, 'garbage');
    }
    await until(() => warnings.length > 0);
    process.off('warning', listen);
    gate.open();
    expect(await future).toBe('passed');
    expect(warnings).toHaveLength(1);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
