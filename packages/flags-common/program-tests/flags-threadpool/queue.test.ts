/*
 * --executor bullmq, with a Redis and workers of the tests' own.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { queuedExchangeModule } from '@concurrent-executors/flags-common';
import { describe, expect, test } from 'vitest';
import { findRedis, startRedis } from '../../../../tools/redis/redis-server.ts';
import { startWorker } from '../../../../tools/redis/worker-process.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { holdAllButAndorra } from '../holding-server.ts';
import { run, start, withoutTime } from '../program.ts';

const executable = findRedis();
const modules = [queuedExchangeModule];
const QUEUE = 'exec:{default}:queued-exchange.js@0.1.0-512a9922';
/** Whoever runs the tests may have a Redis. */
const REDIS_URL = '';

describe('usage errors', () => {
  test.each([
    ['--executor bullmq', /needs --redis URL or .* REDIS_URL/],
    ['--executor fork', /--executor must be thread, bullmq, got "fork"/],
    ['--redis redis://localhost', /--redis goes with --executor bullmq only/],
    ['--namespace a', /--namespace goes with --executor bullmq only/],
    [
      '--executor bullmq --futures --redis redis://localhost',
      /--futures goes with --executor thread only/,
    ],
    [
      '--executor bullmq --redis http://user:secret@localhost',
      /redis must be a URL: expected redis:/,
    ],
  ])('%s', async (args, message) => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stderr, status } = await run(args, {
      cwd: folder.path,
      env: { REDIS_URL, FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret');
    expect(status).toBe(2);
  });
});

test('without Redis it ends with one line, which does not tell the password', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const { stderr, status } = await run('--executor bullmq --progress none us', {
    cwd: folder.path,
    env: {
      REDIS_URL: 'redis://user:secret@127.0.0.1:1',
      FLAGS_LOCAL_PORT: String(server.port),
    },
  });
  expect(stderr).toMatch(
    /^flags-threadpool: error: .*no connection to redis:\/\/127\.0\.0\.1:1 for 10000 ms.*\n$/,
  );
  expect(stderr).not.toContain('secret');
  expect(status).toBe(1);
});

describe.skipIf(executable === undefined)('--executor bullmq', () => {
  test('saves what the threads save, and says the same', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    await using server = await startFlagServer();
    const results = [];
    for (const executor of ['thread', `bullmq --redis ${redis.url}`]) {
      await using folder = await temporaryFolder();
      const { stdout, status } = await run(
        `a b --progress none --executor ${executor}`,
        {
          cwd: folder.path,
          env: { REDIS_URL, FLAGS_LOCAL_PORT: String(server.port) },
        },
      );
      results.push({
        stdout: withoutTime(stdout),
        status,
        files: await downloaded(folder.path),
      });
    }
    expect(results[0]?.files.length).toBeGreaterThan(20);
    expect(results[1]).toEqual(results[0]);
    await worker.end('SIGTERM');
  });

  test('tells how to start a worker, and goes on when there is one', async () => {
    await using redis = await startRedis(executable ?? '');
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    await using running = start(
      `us --names --progress none --executor bullmq --redis ${redis.url}`,
      {
        cwd: folder.path,
        env: { REDIS_URL, FLAGS_LOCAL_PORT: String(server.port) },
      },
    );
    while ((await redis.ask(`ZCARD ${QUEUE}:prioritized`)) !== ':1');
    await using worker = await startWorker(redis.url, modules);
    const { stderr, status } = await running.finished;
    expect(stderr).toMatch(
      /^flags-threadpool: no worker serves the queue, .*: executor-worker --redis unix:\S+ --modules \S+queued-exchange\.js\n$/,
    );
    expect(status).toBe(0);
    expect(await downloaded(folder.path)).toEqual(['United States.gif']);
    await worker.end('SIGTERM');
  });

  test('Ctrl-C ends what runs and withdraws what waits', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    await using server = await holdAllButAndorra(200);
    await using folder = await temporaryFolder();
    await using running = start(
      `-v -a --timeout 3600 --executor bullmq --redis ${redis.url}`,
      {
        cwd: folder.path,
        env: { REDIS_URL, FLAGS_LOCAL_PORT: String(server.port) },
      },
    );
    await running.printed('AD OK');
    running.child.kill('SIGINT');
    const { stderr, status } = await running.finished;
    expect(stderr).toBe('flags-threadpool: interrupted by SIGINT\n');
    expect(status).toBe(130);
    expect(await downloaded(folder.path)).toEqual(['AD.gif']);
    for (const list of ['ZCARD :prioritized', 'LLEN :wait', 'LLEN :active'])
      expect(await redis.ask(list.replace(' ', ` ${QUEUE}`))).toBe(':0');
    const partial = join(folder.path, 'downloaded/.downloads/partial');
    expect(await readdir(partial)).toEqual([]);
    await worker.end('SIGTERM');
  });
});
