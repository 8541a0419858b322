import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Client } from '../src/exchange/client.ts';
import type { ExchangeResult } from '../src/exchange/exchange.ts';
import { clientSettings } from './client-settings.ts';
import { serveHttp, serveTcp } from './raw-server.ts';

/** In milliseconds; only a hang takes as long. */
const AMPLE = 60_000;

let client: Client;

beforeEach(() => {
  client = new Client(clientSettings({ maxBytes: 10_000_000, timeout: 50 }));
});

afterEach(async () => {
  await client.destroy();
});

function fetchUrl(url: string): Promise<ExchangeResult> {
  return client.exchange({ url, label: 'BR', attempt: 1, timeLeft: AMPLE });
}

/** A flag that is not saved. */
function fetchFlag(baseUrl: string, timeLeft = AMPLE): Promise<ExchangeResult> {
  return client.exchange({
    url: `${baseUrl}/br/br.gif`,
    label: 'BR',
    attempt: 1,
    timeLeft,
    expected: 'GIF',
  });
}

function textOf(result: ExchangeResult): string {
  return result.kind === 'body' ? Buffer.from(result.body).toString() : '';
}

/** Sends a GIF, or at least something that begins like one. */
function sendGif(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'image/gif' }).end('GIF89a');
}

describe('an answer', () => {
  test('has the body', async () => {
    await using server = await startFlagServer();
    const { host } = new URL(server.url);
    const identity = await fetchUrl(`http://${host}/.well-known/flag-server`);
    expect(textOf(identity)).toContain('flag server');
  });

  test('to one after the other comes on the connections there may be', async () => {
    await client.destroy();
    client = new Client(clientSettings({ connections: 1 }));
    const ports = new Set<unknown>();
    let requests = 0;
    await using server = await serveHttp((request, response) => {
      requests += 1;
      ports.add(request.socket.remotePort);
      if (requests === 2) response.writeHead(404).end('no such flag');
      else sendGif(response);
    });
    expect((await fetchFlag(server.url)).kind).toBe('body');
    expect(await fetchFlag(server.url)).toMatchObject({ status: 404 });
    expect((await fetchFlag(server.url)).kind).toBe('body');
    expect([requests, ports.size]).toEqual([3, 1]);
  });

  test.for([
    ['7', 7000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
  ] as const)('may ask to come back later: %s', async ([text, retryAfter]) => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(503, { 'retry-after': text }).end();
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      status: 503,
      retryAfter,
    });
  });

  test('is asked for as it is, with a name and a password', async () => {
    let headers: unknown;
    await using server = await serveHttp((request, response) => {
      headers = request.headers;
      sendGif(response);
    });
    await client.exchange({
      url: server.url,
      credentials: 'Jé:s@x',
      label: 'BR',
      attempt: 1,
      timeLeft: AMPLE,
    });
    expect(headers).toMatchObject({
      'accept-encoding': 'identity',
      authorization: `Basic ${Buffer.from('Jé:s@x').toString('base64')}`,
    });
  });

  test.for([
    [404, 'HTTP error 404 - Not Found'],
    [418, "HTTP error 418 - I'm a Teapot"],
    [503, 'HTTP error 503 - Service Unavailable'],
    [599, 'HTTP error 599 - unknown status'],
  ] as const)('status %i is an error', async ([status, message]) => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(status).end();
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_HTTP_STATUS',
      message,
      status,
    });
  });

  test('an error page without end is not read to its end', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(500);
      const send = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', send);
      send();
    });
    expect(await fetchFlag(server.url)).toMatchObject({ status: 500 });
  });

  test.for([
    [
      'a page',
      'text/html',
      '<p>Welcome',
      'not a GIF picture (content-type text/html)',
    ],
    ['nothing', 'image/gif', '', 'not a GIF picture (content-type image/gif)'],
  ] as const)(
    '%s instead of a picture is an error',
    async ([, type, body, problem]) => {
      await using server = await serveHttp((_, response) => {
        response.writeHead(200, { 'content-type': type }).end(body);
      });
      expect(await fetchFlag(server.url)).toMatchObject({
        code: 'FLAGS_CONTENT',
        message: `${problem}: ${server.url}/br/br.gif`,
      });
    },
  );

  test('an answer that does not stop is cut off at 10 MB', async () => {
    await using server = await serveHttp((_, response) => {
      const send = () => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', send);
      send();
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_CONTENT',
      message: `the answer is larger than 10 MB: ${server.url}/br/br.gif`,
    });
  });
});

describe('the deadline covers', () => {
  const message = (url: string) => `timed out after 0.05 s: ${url}/br/br.gif`;

  test('an answer that does not come', async () => {
    await using server = await serveTcp(() => undefined);
    expect(await fetchFlag(server.url, 50)).toMatchObject({
      code: 'FLAGS_TIMEOUT',
      message: message(server.url),
    });
  });

  test('a body that stalls', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('GIF89a');
    });
    expect(await fetchFlag(server.url, 50)).toMatchObject({
      message: message(server.url),
    });
  });

  test('a body that drips', async () => {
    await using server = await serveHttp((_, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.once('close', () => {
        clearInterval(drip);
      });
    });
    expect(await fetchFlag(server.url, 50)).toMatchObject({
      message: message(server.url),
    });
  });

  test('a connection that does not come about', async () => {
    let connected = (): void => undefined;
    const isConnected = new Promise<void>((resolve) => {
      connected = resolve;
    });
    await using server = await serveTcp(() => {
      connected();
    });
    await client.destroy();
    client = new Client(
      clientSettings({ connectTimeout: 500, connections: 1 }),
    );
    const first = fetchFlag(server.url);
    await isConnected;
    // The only connection that the client may have is taken.
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_TIMEOUT',
      message: `timed out: no connection within 0.5 s: ${server.url}/br/br.gif`,
    });
    await client.destroy();
    await first;
  });

  test('a pause', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('GIF89a');
    });
    await client.destroy();
    client = new Client(clientSettings({ stallTimeout: 50 }));
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_TIMEOUT',
      message: `timed out: nothing came for 0.05 s: ${server.url}/br/br.gif`,
    });
  });
});

test('a body that drips is no pause', async () => {
  await using server = await serveHttp((_, response) => {
    let sent = 0;
    const drip = setInterval(() => {
      sent += 1;
      response.write('.');
      if (sent < 60) return;
      clearInterval(drip);
      response.end();
    }, 25);
    response.once('close', () => {
      clearInterval(drip);
    });
  });
  await client.destroy();
  client = new Client(clientSettings({ stallTimeout: 1000 }));
  expect(textOf(await fetchUrl(server.url))).toBe('.'.repeat(60));
});

describe('a connection that fails is named with its URL', () => {
  test('refused', async () => {
    const server = await serveTcp(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_NETWORK',
      refused: true,
      message: `connection refused (ECONNREFUSED): ${server.url}/br/br.gif`,
    });
  });

  test('reset', async () => {
    await using server = await serveTcp((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      message: `connection reset by peer (ECONNRESET): ${server.url}/br/br.gif`,
    });
  });

  test('closed too early', async () => {
    await using server = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nGIF89a');
      });
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      message: `other side closed (UND_ERR_SOCKET): ${server.url}/br/br.gif`,
    });
  });

  test('not HTTP', async () => {
    await using server = await serveTcp((socket) => {
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    expect(await fetchFlag(server.url)).toMatchObject({
      code: 'FLAGS_NETWORK',
      message: expect.stringContaining(
        'Response does not match the HTTP/1.1 protocol',
      ) as unknown,
    });
  });

  test('no such host', async () => {
    expect(await fetchFlag('http://host.invalid/flags')).toMatchObject({
      code: 'FLAGS_NETWORK',
      refused: false,
      permanent: true,
      message: expect.stringContaining(
        'http://host.invalid/flags/br/br.gif',
      ) as unknown,
    });
  });
});

test('a redirect is a result', async () => {
  await using server = await serveHttp((_, response) => {
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(await fetchFlag(server.url)).toEqual({
    kind: 'redirect',
    location: '/elsewhere',
  });
});

test('destroy fails what is under way', async () => {
  let held = 0;
  const requests = new EventEmitter();
  const allHeld = once(requests, 'held');
  await using server = await serveHttp(() => {
    if ((held += 1) === 3) requests.emit('held');
  });
  const exchanges = Array.from({ length: 3 }, () => fetchUrl(server.url));
  await allHeld;
  await client.destroy();
  expect(await Promise.all(exchanges)).toMatchObject(
    Array(3).fill({ kind: 'failed', code: 'FLAGS_NETWORK' }),
  );
});
