import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { describe, expect, test } from 'vitest';
import { findRedis } from '../../../tools/redis/redis-server.ts';
import { add } from './fixtures/tasks.mjs';
import { runProgram } from './support/run-program.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const tasks = new URL('fixtures/tasks.mjs', import.meta.url).href;

const executable = findRedis();

/** Why these tests are skipped; undefined if they are not. */
const missing = ((): string | undefined => {
  if (executable === undefined) return 'there is no redis-server';
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
  } catch {
    return 'there is no openssl';
  }
  try {
    // Told before anything is opened, by a server without TLS.
    execFileSync(
      executable,
      ['--tls-port', '0', '--port', '0', '--tls-cert-file', '/nowhere'],
      { stdio: 'pipe', timeout: 2_000 },
    );
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }; // of execFileSync
    if (String(stderr).includes('Bad directive'))
      return 'redis-server was built without TLS';
  }
  return undefined;
})();

interface TlsRedis extends AsyncDisposable {
  readonly url: string;
  /** The certificate to trust, and one that has nothing to do with it. */
  readonly ca: string;
  readonly otherCa: string;
}

function makeCertificate(folder: string, name: string): string {
  const file = join(folder, `${name}.crt`);
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
      ],
      ...['-nodes', '-keyout', join(folder, `${name}.key`), '-out', file],
      ...['-days', '2', '-subj', `/CN=${name}`],
      ...['-addext', 'subjectAltName=DNS:localhost'],
    ],
    { stdio: 'ignore' },
  );
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  server.close();
  await once(server, 'close');
  return port;
}

async function startTlsRedis(): Promise<TlsRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
  const ca = makeCertificate(folder, 'redis');
  const otherCa = makeCertificate(folder, 'other');
  const port = String(await freePort());
  const child = spawn(
    executable ?? '',
    [
      ...['--port', '0', '--tls-port', port, '--bind', '127.0.0.1'],
      ...['--tls-cert-file', ca, '--tls-key-file', join(folder, 'redis.key')],
      ...['--tls-auth-clients', 'no', '--save', '', '--dir', folder],
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  const answers = async (): Promise<boolean> => {
    const socket = connect({
      host: 'localhost',
      port: Number(port),
      ca: readFileSync(ca),
    });
    try {
      await once(socket, 'secureConnect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  };
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error('redis-server has ended');
    await new Promise(setImmediate);
  }
  return {
    url: `rediss://localhost:${port}`,
    ca,
    otherCa,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

describe.skipIf(missing !== undefined)(
  missing === undefined ? 'over TLS' : `over TLS (skipped: ${missing})`,
  () => {
    test('tasks run with the right certificate', async () => {
      await using redis = await startTlsRedis();
      await using worker = await startWorker(
        redis.url,
        [tasks],
        ...['--tls-ca', redis.ca],
      );
      await using executor = new BullMQExecutor({
        redis: redis.url,
        tls: { ca: readFileSync(redis.ca) },
      });
      expect(await executor.submit(add, 1, 2)).toBe(3);
      await executor.shutdown();
      expect(await worker.end('SIGTERM')).toBe(0);
    });

    test('another certificate is refused at once', async () => {
      await using redis = await startTlsRedis();
      const args = ['--redis', redis.url, '--modules', tasks];
      const patient = [...args, '--connect-timeout', '1000'];
      for (const options of [
        [...patient, '--tls-ca', redis.otherCa],
        patient, // the authorities of Node.js
      ]) {
        const { status, stdout, stderr } = await runProgram(options);
        expect([status, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(
          /^executor-worker: rediss:\/\/localhost:\d+ refuses: [^\n]*certificate[^\n]*\n$/,
        );
      }
      await using executor = new BullMQExecutor({
        redis: redis.url,
        tls: { ca: readFileSync(redis.otherCa) },
      });
      const failure = await executor.submit(add, 1, 2).exception();
      expect(failure).toMatchObject({
        code: 'ERR_EXECUTOR_BROKEN',
        cause: { code: 'ERR_REDIS_CONNECTION' },
      });
    });

    test('a client without TLS is not served', async () => {
      await using redis = await startTlsRedis();
      const { status, stderr } = await runProgram([
        ...['--redis', redis.url.replace('rediss:', 'redis:')],
        ...['--modules', tasks, '--connect-timeout', '0.5'],
      ]);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^executor-worker: redis:[^\n]* does not answer: /,
      );
    });
  },
);
