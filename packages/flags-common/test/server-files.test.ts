import { execFileSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  IDENTITY_PATH,
  startFlagServer,
  type FlagServer,
} from '@concurrent-executors/flags-common/server';
import { request, type Dispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRaw } from './server-raw-request.ts';

const data = fileURLToPath(new URL('../data/flags', import.meta.url));

/** One request on a connection of its own. */
const ask = (
  url: string,
  options: {
    method?: Dispatcher.HttpMethod;
    headers?: IncomingHttpHeaders;
  } = {},
) => request(url, { ...options, reset: true });

describe('the packaged flags', () => {
  let server: FlagServer;
  let china: Buffer;
  const flag = () => `${server.url}/cn/cn.gif`;

  beforeAll(async () => {
    server = await startFlagServer();
    china = await readFile(join(data, 'cn', 'cn.gif'));
  });
  afterAll(() => server.close());

  it('are served with their type and length', async () => {
    const { statusCode, headers, body } = await ask(flag());
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/gif',
      'content-length': String(china.length),
    });
    expect(Buffer.from(await body.arrayBuffer())).toEqual(china);
  });

  it('have metadata', async () => {
    const { headers, body } = await ask(`${server.url}/ci/metadata.json`);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(await body.json()).toEqual({
      tld_cc: '.ci',
      iso_cc: 'CI',
      country: "Côte d'Ivoire",
      gec_cc: 'IV',
    });
  });

  it('answer HEAD without a body', async () => {
    const { statusCode, headers, body } = await ask(flag(), { method: 'HEAD' });
    expect(statusCode).toBe(200);
    expect(headers['content-length']).toBe(String(china.length));
    expect(await body.text()).toBe('');
  });

  it('are served in part', async () => {
    const part = await ask(flag(), { headers: { range: 'bytes=10-19' } });
    expect(part.statusCode).toBe(206);
    expect(part.headers['content-range']).toBe(
      `bytes 10-19/${String(china.length)}`,
    );
    expect(Buffer.from(await part.body.arrayBuffer())).toEqual(
      china.subarray(10, 20),
    );

    const beyond = await ask(flag(), { headers: { range: 'bytes=9999999-' } });
    expect(beyond.statusCode).toBe(416);
    expect(beyond.headers['content-range']).toBe(
      `bytes */${String(china.length)}`,
    );
    expect(await beyond.body.text()).toBe('Range Not Satisfiable\n');
  });

  it('are sent again only if they changed', async () => {
    const whole = await ask(flag(), { method: 'HEAD' });
    await whole.body.dump();
    const etag = String(whole.headers['etag']);
    const lastModified = String(whole.headers['last-modified']);
    const statusFor = async (headers: IncomingHttpHeaders) => {
      const { statusCode, body } = await ask(flag(), { headers });
      await body.dump();
      return statusCode;
    };
    expect(await statusFor({ 'if-none-match': etag })).toBe(304);
    expect(await statusFor({ 'if-none-match': '"other"' })).toBe(200);
    expect(await statusFor({ 'if-modified-since': lastModified })).toBe(304);
    expect(await statusFor({ 'if-match': '"other"' })).toBe(412);
    const range = 'bytes=0-9';
    expect(await statusFor({ range, 'if-range': etag })).toBe(206);
    expect(await statusFor({ range, 'if-range': '"other"' })).toBe(200);
  });

  it('come over one connection that is kept alive', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const isReused = () =>
      new Promise((resolve, reject) => {
        const asked = get(flag(), { agent }, (response) => {
          response.resume().on('end', () => {
            resolve(asked.reusedSocket);
          });
        }).on('error', reject);
      });
    expect([await isReused(), await isReused()]).toEqual([false, true]);
    agent.destroy();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)(
    'refuse %s',
    async (method) => {
      const { statusCode, headers, body } = await ask(flag(), { method });
      await body.dump();
      expect(statusCode).toBe(405);
      expect(headers['allow']).toBe('GET, HEAD');
    },
  );

  it.each([
    '/flags/qq/qq.gif',
    '/flags/cn/cn.gif/',
    '/flags/cn/',
    '/flags/cn',
    '/flags/',
    '/flags',
    '/',
    '/README.md',
    '//flags/cn/cn.gif',
  ])('do not include %s', async (target) => {
    const response = await requestRaw(server.port, target);
    expect(response).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(response).toMatch(/\r\n\r\nNot Found\n$/);
  });

  it('are found by an absolute request target and despite a query', async () => {
    for (const target of [flag(), '/flags/cn/cn.gif?x=/../y']) {
      expect(await requestRaw(server.port, target)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it('are told apart from other servers by their identity', async () => {
    const slow = await startFlagServer({
      label: 'ERROR',
      delay: { min: 3600, max: 3600 },
      errorRate: 1,
      embedded: true,
    });
    const { body } = await ask(new URL(IDENTITY_PATH, slow.url).href);
    expect(await body.json()).toEqual({
      program: 'concurrent-executors flag server',
      label: 'ERROR',
      embedded: true,
      delay: { min: 3600, max: 3600 },
      errorRate: 1,
    });
    await slow.close();
  });
});

describe('a folder of one’s own', () => {
  let folder: string;
  let server: FlagServer;

  // FOLDER/secret.txt, FOLDER/site/secret.txt and FOLDER/site/flags, of which only the last is served.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flag-server-'));
    const flags = join(folder, 'site', 'flags');
    await mkdir(join(flags, '.git'), { recursive: true });
    await mkdir(join(folder, 'site', 'flags-old'));
    for (const path of [
      '../secret.txt',
      'secret.txt',
      'flags-old/secret.txt',
      'flags/.secret.txt',
      'flags/.git/secret.txt',
    ]) {
      await writeFile(join(folder, 'site', path), 'TOP SECRET');
    }
    await writeFile(join(flags, 'a b%.txt'), 'public');
    await symlink(join(folder, 'site', 'secret.txt'), join(flags, 'file-link'));
    await symlink(folder, join(flags, 'folder-link'));
    await symlink('../flags-old/secret.txt', join(flags, 'sibling-link'));
    await symlink('a b%.txt', join(flags, 'inner-link'));
    execFileSync('mkfifo', [join(flags, 'pipe')]);
    server = await startFlagServer({ directory: join(folder, 'site') });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it.each(['/flags/a%20b%25.txt', '/flags/inner-link'])(
    'serves %s',
    async (target) => {
      expect(await requestRaw(server.port, target)).toMatch(
        /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\npublic$/,
      );
    },
  );

  it.each([
    '/flags/../secret.txt',
    '/flags/../../secret.txt',
    '/flags/x/../../secret.txt',
    '/flags/%2e%2e/secret.txt',
    '/flags/%2E%2E%2Fsecret.txt',
    '/flags/..%2fsecret.txt',
    '/flags/..%2f..%2fsecret.txt',
    '/flags/%252e%252e%252fsecret.txt',
    '/flags/..\\secret.txt',
    '/flags/..%5csecret.txt',
    '/flags/%c0%ae%c0%ae/secret.txt',
    '/flags/../flags-old/secret.txt',
    '/flags-old/secret.txt',
    '/flags%2f..%2fsecret.txt',
    '/flags//../secret.txt',
    '/flags/./../secret.txt',
    '/secret.txt',
    '/flags/.secret.txt',
    '/flags/%2esecret.txt',
    '/flags/.git/secret.txt',
    '/flags/file-link',
    '/flags/folder-link/secret.txt',
    '/flags/folder-link/site/secret.txt',
    '/flags/sibling-link',
    '/flags/pipe',
    '/flags/a%20b%25.txt%00',
    '/flags/%00/../../secret.txt',
    '/flags/%',
    'http://localhost/flags/../secret.txt',
    'file:///flags/../secret.txt',
    'flags/../secret.txt',
    '../secret.txt',
  ])('does not serve %s', async (target) => {
    const response = await requestRaw(server.port, target);
    expect(response).toMatch(/^HTTP\/1\.1 40[034] /);
    expect(response).not.toMatch(/SECRET|public/);
  });

  it('does not serve a path with a NUL byte', async () => {
    const response = await requestRaw(server.port, '/flags/a\0/../secret.txt');
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(['nowhere', 'secret.txt', 'site/flags'])(
    'must have a folder "flags", which %s has not',
    async (name) => {
      const directory = join(folder, name);
      await expect(startFlagServer({ directory })).rejects.toMatchObject({
        code: 'FLAGS_SERVER_DIRECTORY',
        message: `cannot serve ${directory}: it needs a folder named "flags" that can be read`,
      });
    },
  );
});
