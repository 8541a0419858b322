import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { MockAgent } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { abortDownloads, get, getCountryName, getFlag } from '../src/client.ts';
import { Deadline } from '../src/deadline.ts';
import { followRedirects } from '../src/redirects.ts';
import { serveHttp, serveTcp } from './raw-server.ts';

/** In milliseconds; only a hang takes as long. */
const AMPLE = 60_000;

async function fetchFlag(baseUrl: string, timeout = AMPLE): Promise<Buffer> {
  using deadline = new Deadline(timeout);
  return await getFlag(baseUrl, 'BR', deadline);
}

async function fetchName(baseUrl: string): Promise<string> {
  using deadline = new Deadline(AMPLE);
  return await getCountryName(baseUrl, 'CI', deadline);
}

async function fetchUrl(url: string): Promise<string> {
  using deadline = new Deadline(AMPLE);
  const { body } = await get(url, deadline);
  return body.toString();
}

/** Sends a GIF, or at least something that begins like one. */
function sendGif(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'image/gif' }).end('GIF89a');
}

afterEach(abortDownloads);

describe('getFlag', () => {
  test('gets the bytes of the picture', async () => {
    await using server = await startFlagServer();
    const original = new URL('../data/flags/br/br.gif', import.meta.url);
    expect(await fetchFlag(server.url)).toEqual(await readFile(original));
  });

  test('asks for lower-case paths, on one connection', async () => {
    const paths: unknown[] = [];
    const ports = new Set<unknown>();
    await using server = await serveHttp((request, response) => {
      paths.push(request.url);
      ports.add(request.socket.remotePort);
      if (paths.length === 2) response.writeHead(404).end('no such flag');
      else sendGif(response);
    });
    await fetchFlag(server.url);
    await expect(fetchFlag(server.url)).rejects.toThrow('404');
    await fetchFlag(server.url);
    expect(paths).toEqual(Array(3).fill('/flags/br/br.gif'));
    expect(ports.size).toBe(1);
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
    await expect(fetchFlag(server.url)).rejects.toMatchObject({
      code: 'FLAGS_HTTP_STATUS',
      message,
      status,
      url: `${server.url}/br/br.gif`,
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
    await expect(fetchFlag(server.url)).rejects.toMatchObject({ status: 500 });
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
      await expect(fetchFlag(server.url)).rejects.toMatchObject({
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
    await expect(fetchFlag(server.url)).rejects.toMatchObject({
      code: 'FLAGS_CONTENT',
      message: `the answer is larger than 10 MB: ${server.url}/br/br.gif`,
    });
  });
});

describe('the deadline covers', () => {
  const message = (url: string) => `timed out after 0.05 s: ${url}/br/br.gif`;

  test('an answer that does not come', async () => {
    await using server = await serveTcp(() => undefined);
    await expect(fetchFlag(server.url, 50)).rejects.toMatchObject({
      code: 'FLAGS_TIMEOUT',
      message: message(server.url),
    });
  });

  test('a body that stalls', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('GIF89a');
    });
    await expect(fetchFlag(server.url, 50)).rejects.toThrow(
      message(server.url),
    );
  });

  test('a body that drips', async () => {
    await using server = await serveHttp((_, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.once('close', () => {
        clearInterval(drip);
      });
    });
    await expect(fetchFlag(server.url, 50)).rejects.toThrow(
      message(server.url),
    );
  });

  test('all redirects together', async () => {
    await using server = await serveHttp((request, response) => {
      if (request.url?.startsWith('/silent')) return;
      response.writeHead(302, { location: '/silent' }).end();
    });
    await expect(fetchFlag(server.url, 50)).rejects.toThrow(
      message(server.url),
    );
  });
});

describe('a connection that fails is named with its URL', () => {
  test('refused', async () => {
    const server = await serveTcp(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(fetchFlag(server.url)).rejects.toMatchObject({
      code: 'FLAGS_NETWORK',
      message: `connection refused (ECONNREFUSED): ${server.url}/br/br.gif`,
    });
  });

  test('reset', async () => {
    await using server = await serveTcp((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    await expect(fetchFlag(server.url)).rejects.toThrow(
      `connection reset by peer (ECONNRESET): ${server.url}/br/br.gif`,
    );
  });

  test('closed too early', async () => {
    await using server = await serveTcp((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nGIF89a');
      });
    });
    await expect(fetchFlag(server.url)).rejects.toThrow(
      `other side closed (UND_ERR_SOCKET): ${server.url}/br/br.gif`,
    );
  });

  test('not HTTP', async () => {
    await using server = await serveTcp((socket) => {
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    await expect(fetchFlag(server.url)).rejects.toMatchObject({
      code: 'FLAGS_NETWORK',
      message: expect.stringContaining(
        'Response does not match the HTTP/1.1 protocol',
      ) as unknown,
    });
  });

  test('no such host', async () => {
    await expect(fetchFlag('http://host.invalid/flags')).rejects.toMatchObject({
      code: 'FLAGS_NETWORK',
      url: 'http://host.invalid/flags/br/br.gif',
    });
  });
});

describe('redirects', () => {
  test('are followed, to other servers too', async () => {
    await using other = await serveHttp((_, response) => {
      sendGif(response);
    });
    await using server = await serveHttp((_, response) => {
      response.writeHead(301, { location: `${other.url}/elsewhere` }).end();
    });
    expect((await fetchFlag(server.url)).toString()).toBe('GIF89a');
  });

  test('are bounded', async () => {
    let requests = 0;
    await using server = await serveHttp((_, response) => {
      requests += 1;
      response.writeHead(302, { location: `/${String(requests)}` }).end();
    });
    await expect(fetchFlag(server.url)).rejects.toThrow(
      'HTTP error 302 - Found',
    );
    expect(requests).toBe(6);
  });

  test('in a circle are an error', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(302, { location: '/flags/br/br.gif' }).end();
    });
    await expect(fetchFlag(server.url)).rejects.toMatchObject({
      code: 'FLAGS_NETWORK',
      message: expect.stringContaining('Redirect loop') as unknown,
    });
  });

  test.for(['file:///etc/passwd', 'http://', 'ftp://localhost/br.gif'])(
    'to %s are an error',
    async (location) => {
      await using server = await serveHttp((_, response) => {
        response.writeHead(302, { location }).end();
      });
      await expect(fetchFlag(server.url)).rejects.toMatchObject({
        code: 'FLAGS_NETWORK',
      });
    },
  );

  test('from https go only to https', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const secure = agent.get('https://flags.test');
    const redirect = (from: string, location: string) => {
      secure
        .intercept({ path: from })
        .reply(302, '', { headers: { location } });
    };
    redirect('/moved', 'https://flags.test/here');
    redirect('/lowered', 'http://flags.test/here');
    secure.intercept({ path: '/here' }).reply(200, 'a flag');
    agent
      .get('http://flags.test')
      .intercept({ path: '/here' })
      .reply(200, 'a trap');
    const client = followRedirects(agent);
    const origin = 'https://flags.test';
    const { body } = await client.request({
      origin,
      path: '/moved',
      method: 'GET',
    });
    expect(await body.text()).toBe('a flag');
    await expect(
      client.request({ origin, path: '/lowered', method: 'GET' }),
    ).rejects.toThrow('refused a redirect from https to http://flags.test');
    await agent.close();
  });
});

describe('getCountryName', () => {
  test('gets the name in the metadata', async () => {
    await using server = await startFlagServer();
    expect(await fetchName(server.url)).toBe("Côte d'Ivoire");
  });

  test.for(['', '{', 'null', '[]', '{}', '{"country": 7}', '{"country": " "}'])(
    '%j has none',
    async (metadata) => {
      await using server = await serveHttp((_, response) => {
        response.end(metadata);
      });
      await expect(fetchName(server.url)).rejects.toMatchObject({
        code: 'FLAGS_CONTENT',
        message: `metadata without a country name: ${server.url}/ci/metadata.json`,
      });
    },
  );
});

test('abortDownloads fails what is under way, and only that', async () => {
  let held = 0;
  const requests = new EventEmitter();
  const allHeld = once(requests, 'held');
  await using server = await serveHttp((request, response) => {
    if (request.url !== '/held') response.end('answered');
    else if ((held += 1) === 3) requests.emit('held');
  });
  const base = new URL(server.url).origin;
  const downloads = Array.from({ length: 3 }, () => fetchUrl(`${base}/held`));
  const outcomes = Promise.allSettled(downloads);
  await allHeld;
  await abortDownloads();
  expect((await outcomes).map(({ status }) => status)).toEqual(
    Array(3).fill('rejected'),
  );
  expect(await fetchUrl(`${base}/other`)).toBe('answered');
});
