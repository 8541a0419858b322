import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  FAULT_KINDS,
  IDENTITY_PATH,
  startFlagServer,
  type FlagRequest,
  type FlagServer,
} from '@concurrent-executors/flags-common/server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { RawConnection, requestRaw } from './server-raw-request.ts';

const CONTENT = Array.from({ length: 200 }, (_, i) => `line ${String(i)}\n`)
  .join('')
  .slice(0, 800);

let directory: string;
let server: FlagServer;
const requests: FlagRequest[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flag-server-'));
  await mkdir(join(directory, 'flags'));
  await writeFile(join(directory, 'flags', 'file.txt'), CONTENT);
  await writeFile(join(directory, 'flags', 'short.txt'), CONTENT.slice(0, 20));
  await writeFile(join(directory, 'flags', 'empty.txt'), '');
});
afterAll(() => rm(directory, { recursive: true }));

beforeEach(async () => {
  server = await startFlagServer({
    directory,
    onRequest: (done) => requests.push(done),
  });
});
afterEach(async () => {
  await server.close();
  requests.length = 0;
});

const pathOf = (fault: string, file = 'file.txt') =>
  `/fault/${fault}/flags/${file}`;

const ask = (fault: string, ...headers: string[]) =>
  requestRaw(server.port, pathOf(fault), ...headers);

/** A response in parts; the names of headers in lower case. */
function parse(response: string) {
  const end = response.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = response.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')];
    }),
  );
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: response.slice(end + 4),
  };
}

/** A request for a fault that does not end; resolves when the server has it. */
async function startFault(fault: string): Promise<RawConnection> {
  const connection = new RawConnection(server.port);
  connection.get(IDENTITY_PATH, pathOf(fault));
  await connection.receive(/"embedded"[^]*\n/);
  return connection;
}

/** What came on a connection after the identity of the server. */
const afterIdentity = ({ received }: RawConnection) =>
  received.slice(received.indexOf('}\n') + 2);

/** Resolves when the server has had the time to do more, if it does more. */
async function otherRequests(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await ask('none');
}

it('error is status 418, or another', async () => {
  expect(parse(await ask('error'))).toMatchObject({
    status: 418,
    body: "I'm a Teapot\n",
  });
  expect(parse(await ask('error:1:500')).status).toBe(500);
  expect(requests.map(({ fault, status }) => [fault, status])).toEqual([
    ['error', 418],
    ['error', 500],
  ]);
});

it.each([
  ['too-many', 429],
  ['unavailable', 503],
])('%s is status %i with Retry-After', async (kind, status) => {
  const now = parse(await ask(kind));
  expect(now.status).toBe(status);
  expect(now.headers.get('retry-after')).toBe('1');
  const later = parse(await ask(`${kind}:1:0`));
  expect(later.headers.get('retry-after')).toBe('0');

  const before = Date.now();
  const dated = parse(await ask(`${kind}:retryAfterDate=100`));
  const date = dated.headers.get('retry-after') ?? '';
  expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  const wait = Date.parse(date) - before;
  expect(wait).toBeGreaterThanOrEqual(100_000);
  expect(wait).toBeLessThan(160_000); // only a hang would take so long
});

/** Follows redirects to the end; resolves with the locations and the last response. */
async function follow(fault: string, hops = Infinity) {
  const locations: string[] = [];
  let { port } = server;
  let response = parse(await ask(fault));
  while (response.status === 302 && locations.length < hops) {
    const location = response.headers.get('location') ?? '';
    locations.push(location);
    const url = new URL(location, `http://localhost:${String(port)}`);
    port = Number(url.port);
    response = parse(await requestRaw(port, url.pathname));
  }
  return { locations, response };
}

it('redirect is a chain that ends at the file', async () => {
  const { locations, response } = await follow('redirect');
  expect(locations).toEqual([
    '/fault/redirect:hops=2/flags/file.txt',
    '/fault/redirect:hops=1/flags/file.txt',
    '/fault/none/flags/file.txt',
  ]);
  expect(response).toMatchObject({ status: 200, body: CONTENT });
  expect((await follow('redirect:1:1')).locations).toHaveLength(1);
  expect(requests.map(({ fault }) => fault)).toEqual([
    'redirect',
    'redirect',
    'redirect',
    undefined,
    'redirect',
    undefined,
  ]);
});

it('redirect-origin goes to another port and back, and ends at the file', async () => {
  const { locations, response } = await follow('redirect-origin:1:3');
  const ports = locations.map((location) => Number(new URL(location).port));
  expect(ports[0]).not.toBe(server.port);
  expect(ports).toEqual([ports[0], server.port, ports[0]]);
  expect(locations.at(-1)).toBe(
    `http://localhost:${String(ports[0])}/fault/none/flags/file.txt`,
  );
  expect(response).toMatchObject({ status: 200, body: CONTENT });

  await server.close();
  await expect(requestRaw(ports[0] ?? 0, '/')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

it('redirect-origin keeps the name by which the client knows the server', async () => {
  const connection = new RawConnection(server.port);
  connection.send(
    `GET ${pathOf('redirect-origin')} HTTP/1.1\r\nHost: flags.test:80\r\n\r\n` +
      `GET ${pathOf('redirect-origin')} HTTP/1.0\r\n\r\n`,
  );
  const received = await connection.receiveAll();
  expect(received).toMatch(/Location: http:\/\/flags\.test:\d+\/fault\/none/);
  expect(received).toMatch(/Location: http:\/\/localhost:\d+\/fault\/none/);
});

it('redirect-loop has no end', async () => {
  const { locations, response } = await follow('redirect-loop', 20);
  expect(new Set(locations)).toEqual(new Set([pathOf('redirect-loop')]));
  expect(response.status).toBe(302);
});

it('wrong-type is a page with status 200', async () => {
  const { status, headers, body } = parse(await ask('wrong-type'));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-length')).toBe(String(body.length));
  expect(body).toMatch(/^<!doctype html>/);
});

it('reset comes before any byte', async () => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf('reset'));
  expect(await connection.end).toBe('ECONNRESET');
  expect(connection.received).toBe('');
});

it('stall has no answer and no end', async () => {
  const connection = await startFault('stall');
  await otherRequests();
  expect(connection.socket.readyState).toBe('open');
  await server.close();
  expect(await connection.end).toBe('FIN');
  expect(afterIdentity(connection)).toBe('');
  expect(requests.at(-1)).toEqual({
    method: 'GET',
    path: pathOf('stall'),
    delay: 0,
    fault: 'stall',
    status: undefined,
  });
});

it('garbage is not HTTP', async () => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf('garbage'));
  expect(await connection.end).toBe('FIN');
  expect(connection.received).toBe('SSH-2.0-flag-server\r\n');
});

it.each([
  ['', 400],
  [':1:0', 0],
  [':1:5', 5],
  [':1:9999', 799],
])('truncate%s ends the connection after %i bytes', async (text, bytes) => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf(`truncate${text}`));
  expect(await connection.end).toBe('FIN');
  const { status, headers, body } = parse(connection.received);
  expect(status).toBe(200);
  expect(headers.get('content-length')).toBe('800');
  expect(body).toBe(CONTENT.slice(0, bytes));
  await connection.receiveAll();
});

it('truncate cuts a part of the file too, so that resuming can be tried', async () => {
  const { status, headers, body } = parse(
    await ask('truncate', 'Range: bytes=700-'),
  );
  expect(status).toBe(206);
  expect(headers.get('content-range')).toBe('bytes 700-799/800');
  expect(headers.get('content-length')).toBe('100');
  expect(body).toBe(CONTENT.slice(700, 750));
});

it.each([
  ['', 400],
  [':1:0', 0],
])('reset-body%s comes after %i bytes', async (text, bytes) => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf(`reset-body${text}`));
  expect(await connection.end).toBe('ECONNRESET');
  const { headers, body } = parse(connection.received);
  expect(headers.get('content-length')).toBe('800');
  expect(body).toBe(CONTENT.slice(0, bytes));
});

it('stall-body stops after half of the bytes and has no end', async () => {
  const connection = await startFault('stall-body');
  await connection.receive(new RegExp(`${CONTENT.slice(300, 400)}$`));
  await otherRequests();
  expect(connection.socket.readyState).toBe('open');
  await server.close();
  expect(await connection.end).toBe('FIN');
  const { headers, body } = parse(afterIdentity(connection));
  expect(headers.get('content-length')).toBe('800');
  expect(body).toBe(CONTENT.slice(0, 400));
});

it('drip sends all, as fast as it is told to', async () => {
  const slow = await startFault('drip:1:1');
  const fast = parse(
    await requestRaw(server.port, pathOf('drip:1:10', 'short.txt')),
  );
  expect(fast.headers.get('content-length')).toBe('20');
  expect(fast.body).toBe(CONTENT.slice(0, 20));
  // A tenth of it, with a bound that only a hang reaches.
  const { headers, body } = parse(afterIdentity(slow));
  expect(headers.get('content-length')).toBe('800');
  expect(body).toBe(CONTENT.slice(0, body.length));
  expect(body.length).toBeGreaterThan(0);
  expect(body.length).toBeLessThan(10);
  slow.socket.destroy();
});

it('oversize has zeros after the file, and no Content-Length', async () => {
  const { headers, body } = parse(await ask('oversize:1:100000'));
  expect(headers.get('content-length')).toBeUndefined();
  expect(headers.get('transfer-encoding')).toBe('chunked');
  let rest = body;
  let content = '';
  while (!rest.startsWith('0\r\n')) {
    const [line = '', size = ''] = /^([0-9a-f]+)\r\n/.exec(rest) ?? [];
    content += rest.slice(line.length, line.length + parseInt(size, 16));
    rest = rest.slice(line.length + parseInt(size, 16) + 2);
  }
  expect(content).toBe(CONTENT.padEnd(100_000, '\0'));
});

it('oversize has no end by itself', async () => {
  const connection = await startFault('oversize');
  while (connection.received.length < 30_000_000) {
    await once(connection.socket, 'data');
  }
  connection.socket.destroy();
});

it('oversize waits for a client that does not read', async () => {
  let socket: Socket | undefined;
  const onStart = (message: unknown) => {
    ({ socket } = message as { socket: Socket }); // as documented
  };
  subscribe('http.server.request.start', onStart);
  const connection = new RawConnection(server.port);
  connection.get(pathOf('oversize'));
  await once(connection.socket, 'data');
  connection.socket.pause();
  unsubscribe('http.server.request.start', onStart);
  while (!socket?.writableNeedDrain) await setImmediate();
  await otherRequests();
  // No more than the piece that the system does not take, with the frame of its chunk.
  expect(socket.writableLength).toBeLessThanOrEqual(64 * 1024 + 20);
  await server.close();
  connection.socket.destroy();
});

it('wrong-length tells more than comes', async () => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf('wrong-length'));
  expect(await connection.end).toBe('FIN');
  const { headers, body } = parse(connection.received);
  expect(headers.get('content-length')).toBe('801');
  expect(headers.get('connection')).toBe('close');
  expect(body).toBe(CONTENT);
});

it('wrong-length tells less than comes if it is told so', async () => {
  const connection = new RawConnection(server.port);
  connection.get(pathOf('wrong-length:1:-10'), IDENTITY_PATH);
  // The connection is kept: what is too much stands before the next response.
  const received = await connection.receive(/"embedded"/);
  const { headers, body } = parse(received);
  expect(headers.get('content-length')).toBe('790');
  expect(body.startsWith(`${CONTENT}HTTP/1.1 200 OK`)).toBe(true);
  connection.socket.destroy();
});

it.each([
  'reset-body',
  'stall-body',
  'truncate',
  'drip',
  'oversize',
  'wrong-length',
])('%s needs a body', async (kind) => {
  const [path, missing] = [pathOf(kind), pathOf(kind, 'missing.txt')];
  const connection = new RawConnection(server.port);
  connection.send(
    `HEAD ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n` +
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n` +
      `GET ${missing} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  );
  const received = await connection.receiveAll();
  expect(received.match(/^HTTP\/1\.1 \d+/gm)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 304',
    'HTTP/1.1 404',
  ]);
  expect(requests.map(({ fault, status }) => [fault, status])).toEqual([
    [undefined, 200],
    [undefined, 304],
    [undefined, 404],
  ]);
});

it.each(['reset-body', 'truncate'])(
  '%s comes after the headers of an empty file',
  async (kind) => {
    const connection = new RawConnection(server.port);
    connection.get(pathOf(kind, 'empty.txt'));
    expect(await connection.end).toBe(
      kind === 'truncate' ? 'FIN' : 'ECONNRESET',
    );
    expect(parse(connection.received).headers.get('content-length')).toBe('0');
  },
);

it('faults wait for the answers before them on their connection', async () => {
  const connection = new RawConnection(server.port);
  connection.get('/flags/file.txt', pathOf('garbage'), '/flags/file.txt');
  const received = await connection.receiveAll();
  expect(parse(received).body).toBe(`${CONTENT}SSH-2.0-flag-server\r\n`);
});

it('many requests may wait for their turn on one connection', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const connection = new RawConnection(server.port);
  const many = Array.from({ length: 30 }, () => '/flags/short.txt');
  connection.get(...many, pathOf('garbage'));
  const received = await connection.receiveAll();
  expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(many.length);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

/** Those that do not end by themselves, and what they send before. */
const HOLDING = {
  stall: /^/,
  'stall-body': /\r\n\r\nl/,
  'drip:1:1': /\r\n\r\nl/,
  oversize: /\r\n\r\n320\r\nl/,
};

it('close ends all of them at once, while files may still arrive', async () => {
  const large = Buffer.alloc(8 * 1024 * 1024, 'x'); // twice what the socket buffers take
  await writeFile(join(directory, 'flags', 'large.txt'), large);
  const unread = new RawConnection(server.port);
  unread.get('/flags/large.txt');
  await unread.receive(/x/);
  unread.socket.pause();

  const holding = await Promise.all(
    Object.entries(HOLDING).map(async ([fault, start]) => {
      const connection = await startFault(fault);
      await connection.receive(start);
      connection.socket.pause();
      return connection;
    }),
  );
  // Some of these have not got so far as to fail.
  const others = await Promise.all([...FAULT_KINDS].map(startFault));
  const closed = server.close();
  for (const connection of [...holding, ...others]) {
    connection.socket.resume();
    await connection.end;
    connection.socket.destroy();
  }
  // The faults were not ended with the files, which is five seconds later.
  expect(unread.received.length).toBeLessThan(large.length);
  unread.socket.resume();
  expect(parse(await unread.receiveAll()).body).toHaveLength(large.length);
  await closed;

  expect(requests.map(({ fault }) => fault)).toEqual(
    expect.arrayContaining(['stall', 'stall-body', 'drip', 'oversize']),
  );
});
