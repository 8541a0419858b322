import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../src/exchange/client.ts';
import { probe } from '../src/probe.ts';
import { clientSettings } from './client-settings.ts';
import { serveHttp, serveTcp } from './raw-server.ts';

/** In milliseconds; only a hang takes as long. */
const AMPLE = 60_000;

let client: Client;

beforeEach(() => {
  client = new Client(clientSettings({ timeout: 50 }));
});

afterEach(async () => {
  await client.destroy();
});

test('our own server, whatever it does to downloads', async () => {
  const day = 86_400;
  await using server = await startFlagServer({
    delay: { min: day, max: day },
    errorRate: 1,
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'standing' });
});

test('the embedded server of another run', async () => {
  await using server = await startFlagServer({ embedded: true });
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'embedded' });
});

test('nothing', async () => {
  const server = await serveTcp(() => undefined);
  await server[Symbol.asyncDispose]();
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'nothing' });
});

test('a server that ends when it is asked', async () => {
  const server = await serveTcp((socket) => {
    socket.resetAndDestroy();
    void server[Symbol.asyncDispose]();
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'nothing' });
});

test('something that ends each connection', async () => {
  let connections = 0;
  await using server = await serveTcp((socket) => {
    connections += 1;
    socket.resetAndDestroy();
  });
  expect(await probe(client, server.url, AMPLE)).toMatchObject({
    kind: 'foreign',
  });
  expect(connections).toBe(3);
});

test('another HTTP server that has the flag of China', async () => {
  await using server = await serveHttp((request, response) => {
    if (request.url === '/flags/cn/cn.gif') response.end('GIF89a');
    else response.writeHead(404).end();
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'standing' });
});

test('another HTTP server that is a teapot', async () => {
  await using server = await serveHttp((_, response) => {
    response.writeHead(418).end();
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({ kind: 'standing' });
});

test('an HTTP server without flags', async () => {
  await using server = await serveHttp((_, response) => {
    response.writeHead(404).end();
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({
    kind: 'foreign',
    reason: `HTTP error 404 - Not Found: ${server.url}/cn/cn.gif`,
  });
});

test('an HTTP server that answers everything with a page', async () => {
  await using server = await serveHttp((_, response) => {
    response.setHeader('content-type', 'text/html').end('<p>Welcome');
  });
  expect(await probe(client, server.url, AMPLE)).toEqual({
    kind: 'foreign',
    reason: `not a GIF picture (content-type text/html): ${server.url}/cn/cn.gif`,
  });
});

test('something that never answers', async () => {
  await using server = await serveTcp(() => undefined);
  const { origin } = new URL(server.url);
  expect(await probe(client, server.url, 50)).toEqual({
    kind: 'foreign',
    reason: `timed out after 0.05 s: ${origin}/.well-known/flag-server`,
  });
});

test('something that speaks no HTTP', async () => {
  await using server = await serveTcp((socket) => {
    socket.end('220 mail.test ESMTP\r\n');
  });
  expect(await probe(client, server.url, AMPLE)).toMatchObject({
    kind: 'foreign',
    reason: expect.stringContaining(
      'does not match the HTTP/1.1 protocol',
    ) as unknown,
  });
});
