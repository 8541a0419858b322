import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import {
  IDENTITY_PATH,
  startFlagServer,
  type FlagRequest,
  type FlagServer,
} from '@concurrent-executors/flags-common/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection, requestRaw } from './server-raw-request.ts';

const HOUR = { min: 3600, max: 3600 };

/** Sends requests that wait for an hour, and resolves when the server has them. */
async function holdBack(
  { port }: FlagServer,
  ...targets: string[]
): Promise<RawConnection> {
  const connection = new RawConnection(port);
  // All in one piece: when the first is answered, the others were read too.
  connection.send(
    [IDENTITY_PATH, ...targets]
      .map((target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      .join(''),
  );
  await connection.receive(/"embedded"/);
  return connection;
}

describe('close', () => {
  it('answers requests that are held back with 503', async () => {
    const requests: FlagRequest[] = [];
    const server = await startFlagServer({
      delay: HOUR,
      onRequest: (done) => requests.push(done),
    });
    const connection = await holdBack(server, '/flags/cn/cn.gif');
    await server.close();
    expect(await connection.receiveAll()).toMatch(
      /HTTP\/1\.1 503 Service Unavailable\r\n[^]*Connection: close\r\n/,
    );
    expect(requests).toEqual([
      { method: 'GET', path: '/flags/cn/cn.gif', delay: 3600, status: 503 },
    ]);
  });

  it('frees the port, ends idle connections, and can be called again', async () => {
    const server = await startFlagServer();
    const idle = await holdBack(server);
    await Promise.all([server.close(), server.close()]);
    await idle.receiveAll();
    await server.close();

    const next = await startFlagServer({ port: server.port });
    expect(next.url).toBe(server.url);
    await next.close();
    await expect(requestRaw(server.port, '/')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('is what `await using` calls', async () => {
    let port: number;
    {
      await using server = await startFlagServer();
      port = server.port;
    }
    await expect(requestRaw(port, '/')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  describe('while a large file is sent', () => {
    const SIZE = 8 * 1024 * 1024; // twice what the socket buffers take
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'flag-server-'));
      await mkdir(join(directory, 'flags'));
      await writeFile(join(directory, 'flags', 'large'), Buffer.alloc(SIZE));
    });
    afterAll(() => rm(directory, { recursive: true }));

    const read = (server: FlagServer, agent: Agent | false) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        get(`${server.url}/large`, { agent }, resolve).on('error', reject);
      });

    it('lets it arrive, then ends the connection', async () => {
      const server = await startFlagServer({ directory });
      const agent = new Agent({ keepAlive: true });
      const first = await read(server, agent);
      const second = await read(server, agent);
      const firstEnded = once(first.socket, 'close');
      const closed = server.close();
      expect(await buffer(first)).toHaveLength(SIZE);
      await firstEnded;
      // That was not the end of all connections.
      expect(await buffer(second)).toHaveLength(SIZE);
      await closed;
      agent.destroy();
    });

    it('cuts the connection of a client that does not read', async () => {
      const requests: FlagRequest[] = [];
      const server = await startFlagServer({
        directory,
        onRequest: (done) => requests.push(done),
      });
      const unread = await read(server, false);
      await server.close();
      expect(requests).toMatchObject([{ status: undefined }]);
      unread.destroy();
    });
  });
});

describe('a client that leaves while it is held back', () => {
  it('is reported, also if it had sent more requests', async () => {
    const requests: FlagRequest[] = [];
    const reports = new EventEmitter();
    await using server = await startFlagServer({
      delay: HOUR,
      onRequest: (done) => {
        requests.push(done);
        reports.emit(done.path);
      },
    });
    const connection = await holdBack(server, '/flags/cn/cn.gif', '/flags/x');
    const lastReport = once(reports, '/flags/x');
    connection.socket.destroy();
    await lastReport;
    expect(requests).toEqual([
      {
        method: 'GET',
        path: '/flags/cn/cn.gif',
        delay: 3600,
        status: undefined,
      },
      { method: 'GET', path: '/flags/x', delay: 3600, status: undefined },
    ]);
  });

  it('leaves no timer: the program ends once the server is closed', async () => {
    const program = `
      import { connect } from 'node:net';
      import { startFlagServer } from '@concurrent-executors/flags-common/server';
      const server = await startFlagServer({
        delay: { min: 3600, max: 3600 },
        onRequest: () => {
          const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
          console.log('timers:', timers.length);
          server.close();
        },
      });
      const socket = connect(server.port, '127.0.0.1');
      socket.write('GET /.well-known/flag-server HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n');
      socket.write('GET /flags/cn/cn.gif HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n');
      socket.once('data', () => socket.destroy());
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: import.meta.dirname },
    );
    expect(stdout).toBe('timers: 0\n');
  });
});

describe('a port that cannot be had', () => {
  it('is told in one line', async () => {
    await using server = await startFlagServer();
    const port = String(server.port);
    await expect(startFlagServer({ port: server.port })).rejects.toMatchObject({
      code: 'FLAGS_SERVER_PORT_IN_USE',
      message: `port ${port} on 127.0.0.1 is in use: stop the program that listens there, or choose another port`,
      cause: { code: 'EADDRINUSE' },
    });
  });

  it('may be on an address that is not this machine’s', async () => {
    const host = '192.0.2.1';
    await expect(startFlagServer({ host })).rejects.toMatchObject({
      code: 'FLAGS_SERVER_LISTEN',
      message:
        'cannot listen on port 0 of 192.0.2.1 (EADDRNOTAVAIL): choose another port or address',
    });
  });
});

it('listens on the loopback address only, unless told', async () => {
  await using server = await startFlagServer();
  expect(server.url).toBe(`http://localhost:${String(server.port)}/flags`);
  await using everywhere = await startFlagServer({ host: '0.0.0.0' });
  // 127.0.0.2 is this machine too, but not the address that the first server has.
  const get2 = (port: number) =>
    fetch(`http://127.0.0.2:${String(port)}/flags/`, {
      headers: { connection: 'close' },
    });
  await expect(get2(server.port)).rejects.toThrow();
  expect((await get2(everywhere.port)).status).toBe(404);
});
