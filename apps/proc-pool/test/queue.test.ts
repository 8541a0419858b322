/*
 * --executor bullmq, with a Redis and workers of the tests' own.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { NUMBERS } from '@concurrent-executors/primes';
import { describe, expect, it } from 'vitest';
import {
  findRedis,
  startRedis,
  type RedisServer,
} from '../../../tools/redis/redis-server.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';
import { run, SLOW, start } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { hasPty, startInTerminal } from './terminal.ts';

const executable = findRedis();
const modules = [fileURLToPath(new URL('../dist/check.js', import.meta.url))];
/** That of the module above, as its worker prints it. */
const QUEUE = 'exec:{default}:check.js@0.0.0-9c527d0f';

function on({ url }: RedisServer): string[] {
  return ['--executor', 'bullmq', '--redis', url];
}

/** How many checks wait, and how many have a worker. */
async function jobsIn(redis: RedisServer): Promise<string[]> {
  return [
    await redis.ask(`ZCARD ${QUEUE}:prioritized`),
    await redis.ask(`LLEN ${QUEUE}:wait`),
    await redis.ask(`LLEN ${QUEUE}:active`),
  ];
}

const NONE = [':0', ':0', ':0'];

it('without Redis it ends with one line, which does not tell the password', async () => {
  // Port 1 is for a service that nobody has.
  const { stdout, stderr, status } = await run(
    ...['--executor', 'bullmq', '--redis', 'redis://user:secret@127.0.0.1:1'],
    ...['-n', '97'],
  );
  expect(stdout).toBe('Checking 1 number on the workers of a queue:\n');
  expect(stderr).toMatch(
    /^proc-pool: error: .*no connection to redis:\/\/127\.0\.0\.1:1 for 10000 ms.*ECONNREFUSED.*\n$/,
  );
  expect(stderr).not.toContain('secret');
  expect(status).toBe(1);
});

describe.skipIf(executable === undefined)('--executor bullmq', () => {
  it('prints the results of the other executors, in the same order', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    const { stdout, stderr, status } = await run(...on(redis));
    const results = [...NUMBERS]
      .reverse()
      .map(({ n, prime }) => `${String(n).padStart(16)}  ${prime ? 'P' : ' '}`);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Checking 20 numbers on the workers of a queue:');
    expect(lines.slice(1, -2).map((line) => line.slice(0, 19))).toEqual(
      results,
    );
    expect(lines.at(-2)).toMatch(/^Total time: \d+\.\d\ds$/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  it('--json leaves out how many workers there are; --progress counts', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    const { stdout, stderr } = await run(
      ...[...on(redis), '--json', '--progress', '-n', '97,98'],
    );
    const [first, second, total] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toMatchObject({ type: 'check', n: '97', prime: true });
    expect(second).toMatchObject({ type: 'check', n: '98', prime: false });
    expect(total).toEqual({
      type: 'total',
      numbers: 2,
      primes: 1,
      seconds: expect.any(Number) as number,
      executor: 'bullmq',
      method: 'trial-division',
    });
    expect(stderr).toMatch(/^workers of a queue: 100% 2\/2 .*\n$/);
    await worker.end('SIGTERM');
  });

  it('--as-completed does not wait for a slow number, and Ctrl-C ends it where it runs', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(
      ...([redis.url, modules, '--concurrency', '2'] as const),
    );
    const trace = join(await temporaryFolder(), 'trace.json');
    const program = start(
      ...[...on(redis), '--as-completed', '-n', `${SLOW},97`],
      ...['--trace', trace],
    );
    await program.waitFor(' 97  P');
    process.kill(program.pid, 'SIGINT');
    const { stdout, stderr, status } = await program.finish();
    expect(stdout).not.toContain(SLOW);
    expect({ stderr, status }).toEqual({
      stderr: `trace: ${trace}\n`,
      status: 130,
    });
    expect(await jobsIn(redis)).toEqual(NONE);
    const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as {
      traceEvents: { cat?: string; args: { outcome: string } }[];
    };
    expect(
      traceEvents
        .filter(({ cat }) => cat === 'task')
        .map(({ args }) => args.outcome)
        .sort(),
    ).toEqual(['aborted', 'returned']);
    await worker.end('SIGTERM');
    expect(worker.lines.join('\n')).toContain('stopping: 0 running');
  });

  it('tells how to start a worker, and goes on when there is one', async () => {
    await using redis = await startRedis(executable ?? '');
    const program = start(...on(redis), '--namespace', 'mine', '-n', '97');
    await program.waitForError('\n');
    await using worker = await startWorker(
      ...([redis.url, modules, '--namespace', 'mine'] as const),
    );
    const { stdout, stderr, status } = await program.finish();
    expect(stdout).toMatch(/\n +97 {2}P .*\nTotal time: .*\n$/);
    expect(stderr).toMatch(
      /^proc-pool: no worker serves the queue, .*: executor-worker --redis unix:\S+ --namespace mine --modules (\S+)\n$/,
    );
    expect(stderr).toContain('dist/check.js');
    expect(status).toBe(0);
    await worker.end('SIGTERM');
  });

  it('Ctrl-C withdraws what waits', async () => {
    await using redis = await startRedis(executable ?? '');
    const program = start(...on(redis));
    await program.waitForError('no worker');
    expect(await jobsIn(redis)).toEqual([':20', ':0', ':0']);
    process.kill(program.pid, 'SIGINT');
    expect((await program.finish()).status).toBe(130);
    expect(await jobsIn(redis)).toEqual(NONE);
  });

  it('so does an error in the numbers', async () => {
    await using redis = await startRedis(executable ?? '');
    const program = start(...on(redis), '--as-completed', '-f', '-');
    program.write('97\n');
    await program.waitForError('no worker');
    program.write('none\n');
    const { stderr, status } = await program.finish();
    expect(stderr).toContain(
      "standard input:2: expected an integer, got 'none'",
    );
    expect(status).toBe(1);
    expect(await jobsIn(redis)).toEqual(NONE);
  });

  it('so does the end of who reads the output', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    const program = start(
      ...[...on(redis), '-n', `97,9999999999999917,${SLOW},${SLOW},${SLOW}`],
    );
    await program.waitFor(' 97  P');
    program.closeStdout();
    const { stderr, status } = await program.finish();
    expect({ stderr, status }).toEqual({ stderr: '', status: 141 });
    expect(await jobsIn(redis)).toEqual(NONE);
    await worker.end('SIGTERM');
  });

  it('Ctrl-C does not wait for a Redis that does not answer', async () => {
    await using redis = await startRedis(executable ?? '');
    const program = start(...on(redis));
    await program.waitForError('no worker');
    process.kill(redis.pid, 'SIGSTOP');
    process.kill(program.pid, 'SIGINT');
    expect((await program.finish()).status).toBe(130);
  });

  it.skipIf(!hasPty)('--live shows workers that were heard of', async () => {
    await using redis = await startRedis(executable ?? '');
    await using worker = await startWorker(redis.url, modules);
    const { output, status } = await startInTerminal(
      [...on(redis), '--live'].join(' '),
    ).finished();
    const text = stripVTControlCharacters(output);
    expect(text).toMatch(/0 waiting, 0 running, 20 done\r\n/);
    expect(status).toBe(0);
    await worker.end('SIGTERM');
  });
});
