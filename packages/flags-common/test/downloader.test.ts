import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import {
  closeClient,
  Downloader,
  downloadOne,
  exchange,
  flagItems,
  openClient,
  type ClientSettings,
  type DownloadItem,
  type DownloadPlan,
  type Outcome,
} from '@concurrent-executors/flags-common';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { afterEach, describe, expect, test } from 'vitest';
import { leaveFolder, prepareFolder } from '../src/exchange/folders.ts';
import { Manifest } from '../src/record/manifest.ts';
import { clientSettings } from './client-settings.ts';
import { downloadPlan } from './download-plan.ts';
import { serveHttp } from './raw-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

afterEach(closeClient);

interface Options {
  readonly plan?: Partial<DownloadPlan>;
  readonly client?: Partial<ClientSettings>;
}

/** Downloads in a run of its own, with the records of earlier ones. */
async function download(
  directory: string,
  item: DownloadItem,
  { plan = {}, client = {} }: Options = {},
): Promise<Outcome> {
  const folder = prepareFolder(directory);
  const { partialFolder } = folder;
  const manifest = new Manifest(folder.manifest);
  openClient(
    clientSettings({
      ...client,
      resume: plan.resume ?? false,
      connections: 1,
      partialFolder,
    }),
  );
  const known = manifest.find.bind(manifest);
  const downloader = new Downloader(
    downloadPlan({ directory, known, ...plan }),
    exchange,
  );
  try {
    const outcome = await downloader.download(item);
    manifest.add(outcome);
    return outcome;
  } finally {
    manifest.close();
    await closeClient();
    leaveFolder(folder);
  }
}

function flagAt(baseUrl: string, cc: string, names: boolean): DownloadItem {
  for (const item of flagItems([cc], baseUrl, names)) return item;
  throw new Error('one code makes one item');
}

function itemAt(url: string): DownloadItem {
  return { label: 'file', url, fileName: 'file' };
}

/** Everything that is there of downloads. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.jsonl')
    .map(({ name }) => name);
}

test('a flag is saved under its code', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  openClient(clientSettings({ partialFolder: folder.path }));
  expect(
    await downloadOne(flagAt(server.url, 'BR', false), {
      directory: folder.path,
      timeout: 60_000,
    }),
  ).toMatchObject({
    label: 'BR',
    url: `${server.url}/br/br.gif`,
    status: 'OK',
    file: 'BR.gif',
    attempts: 1,
    bytes: (await stat(new URL('../data/flags/br/br.gif', import.meta.url)))
      .size,
  });
  expect(await readdir(folder.path)).toEqual(['BR.gif']);
});

describe('under the name of its country', () => {
  async function named(listener: RequestListener | undefined) {
    await using server =
      listener === undefined
        ? await startFlagServer()
        : await serveHttp(listener);
    await using folder = await temporaryFolder();
    const item = flagAt(server.url, 'CI', true);
    const outcome = await download(folder.path, item);
    return { outcome, url: server.url, files: await filesIn(folder.path) };
  }

  test('a flag is saved', async () => {
    const { files } = await named(undefined);
    expect(files).toEqual(["Côte d'Ivoire.gif"]);
  });

  test('a country without metadata is not found', async () => {
    const { outcome, url } = await named((_, response) => {
      response.writeHead(404).end();
    });
    expect(outcome).toMatchObject({
      status: 'NOT_FOUND',
      url: `${url}/ci/metadata.json`,
    });
  });

  test.for(['', '{', 'null', '[]', '{}', '{"country": 7}', '{"country": " "}'])(
    'metadata %j has none',
    async (metadata) => {
      const { outcome, url, files } = await named((_, response) => {
        response.end(metadata);
      });
      expect(outcome).toMatchObject({
        status: 'ERROR',
        code: 'FLAGS_CONTENT',
        message: `metadata without a country name: ${url}/ci/metadata.json`,
      });
      expect(files).toEqual([]);
    },
  );
});

describe('redirects', () => {
  test('are followed, to other servers too', async () => {
    await using other = await serveHttp((_, response) => {
      response.end('there');
    });
    await using server = await serveHttp((_, response) => {
      response.writeHead(301, { location: `${other.url}/elsewhere` }).end();
    });
    await using folder = await temporaryFolder();
    const outcome = await download(folder.path, itemAt(server.url));
    expect(outcome).toMatchObject({ status: 'OK', url: server.url });
    expect(await readFile(join(folder.path, 'file'), 'utf8')).toBe('there');
  });

  test('take no credentials with them', async () => {
    const seen: unknown[] = [];
    await using other = await serveHttp((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    await using server = await serveHttp((request, response) => {
      seen.push(request.headers.authorization);
      const location = request.url === '/flags' ? '/2' : other.url;
      response.writeHead(302, { location }).end();
    });
    await using folder = await temporaryFolder();
    await download(folder.path, {
      ...itemAt(server.url),
      credentials: 'me:secret',
    });
    expect(seen).toEqual([
      'Basic bWU6c2VjcmV0',
      'Basic bWU6c2VjcmV0',
      undefined,
    ]);
  });

  test('are bounded, in a circle too', async () => {
    let requests = 0;
    await using server = await serveHttp((_, response) => {
      requests += 1;
      response.writeHead(302, { location: '/flags' }).end();
    });
    await using folder = await temporaryFolder();
    expect(await download(folder.path, itemAt(server.url))).toMatchObject({
      code: 'FLAGS_REDIRECT',
      message: `more than 10 redirects: ${server.url}`,
      attempts: 1,
    });
    expect(requests).toBe(11);
    expect(await filesIn(folder.path)).toEqual([]);
  });

  test('have one time limit, all together', async () => {
    await using server = await serveHttp((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(302, { location: '/silent' }).end();
    });
    await using folder = await temporaryFolder();
    const limit = { timeout: 100 };
    expect(
      await download(folder.path, itemAt(server.url), {
        plan: limit,
        client: limit,
      }),
    ).toMatchObject({
      code: 'FLAGS_TIMEOUT',
      message: expect.stringMatching(
        /^timed out after 0\.1 s: .*\/silent$/,
      ) as unknown,
    });
  });
});

describe('what may pass is tried again', () => {
  /** Answers the first requests with these statuses, and then with a file. */
  async function after(retries: number, ...statuses: number[]) {
    let requests = 0;
    await using server = await serveHttp((_, response) => {
      const status = statuses[requests];
      requests += 1;
      if (status === undefined) response.end('at last');
      else if (status === 0) response.destroy();
      else response.writeHead(status, { 'retry-after': '0' }).end();
    });
    await using folder = await temporaryFolder();
    const outcome = await download(folder.path, itemAt(server.url), {
      plan: { retries },
    });
    return { outcome, requests, files: await filesIn(folder.path) };
  }

  test('until it is well', async () => {
    expect(await after(3, 503, 429, 500)).toMatchObject({
      outcome: { status: 'OK', attempts: 4 },
      requests: 4,
      files: ['file'],
    });
  });

  test('a connection that breaks, too', async () => {
    expect(await after(1, 0)).toMatchObject({
      outcome: { status: 'OK', attempts: 2 },
    });
  });

  test('so often and not more', async () => {
    expect(await after(2, 503, 503, 503, 503)).toMatchObject({
      outcome: {
        status: 'ERROR',
        message: 'HTTP error 503 - Service Unavailable',
        attempts: 3,
      },
      requests: 3,
      files: [],
    });
  });

  test('and nothing else is', async () => {
    expect(await after(3, 404)).toMatchObject({
      outcome: { status: 'NOT_FOUND', attempts: 1 },
      requests: 1,
    });
    expect(await after(3, 418)).toMatchObject({
      outcome: { status: 'ERROR', attempts: 1 },
      requests: 1,
    });
  });

  test('but not when the run ends meanwhile', async () => {
    const stop = new AbortController();
    await using server = await serveHttp((_, response) => {
      response.writeHead(503, { 'retry-after': '100' }).end(() => {
        setImmediate(() => {
          stop.abort();
        });
      });
    });
    await using folder = await temporaryFolder();
    await expect(
      download(folder.path, itemAt(server.url), {
        plan: { retries: 1, signal: stop.signal },
      }),
    ).rejects.toThrow('abort');
  });
});

/** A server of one file of which it sends what is asked for; `requests` tells what. */
async function rangeServer(firstBody: Buffer, firstEtag: string) {
  let body = firstBody;
  let etag = firstEtag;
  const requests: unknown[] = [];
  let cutAt: number | undefined;
  const server = await serveHttp((request, response) => {
    const {
      range,
      'if-range': version,
      'if-none-match': unless,
    } = request.headers;
    requests.push(range ?? unless ?? 'all');
    response.setHeader('etag', etag);
    if (unless === etag) {
      response.writeHead(304).end();
      return;
    }
    const start =
      version === etag ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]) : 0;
    if (start >= body.length) {
      response.writeHead(416).end();
      return;
    }
    const rest = body.subarray(start);
    response.writeHead(start === 0 ? 200 : 206, {
      'content-length': rest.length,
      'content-range': `bytes ${String(start)}-${String(body.length - 1)}/${String(body.length)}`,
    });
    if (cutAt === undefined) response.end(rest);
    else response.write(rest.subarray(0, cutAt), () => response.destroy());
  });
  return {
    url: server.url,
    requests,
    /** Sends so much of each answer, and breaks the connection. */
    cutAfter: (bytes: number | undefined) => {
      cutAt = bytes;
    },
    /** Another version of the file. */
    serve: (newBody: Buffer, newEtag: string) => {
      body = newBody;
      etag = newEtag;
      cutAt = undefined;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const LARGE = Buffer.from(
  Array.from({ length: 1_000_000 }, (_, index) => index % 251),
);

describe('--resume', () => {
  const plan = { resume: true };

  test('leaves alone what an earlier run has brought', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = itemAt(server.url);
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
    });
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'PRESENT',
      file: 'file',
      bytes: LARGE.length,
    });
    expect(server.requests).toEqual(['all']);
    await truncate(join(folder.path, 'file'), 7);
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
    });
    expect(server.requests).toEqual(['all', 'all']);
  });

  test('continues a large file where it was cut off', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = itemAt(server.url);
    server.cutAfter(600_000);
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'ERROR',
      code: 'FLAGS_NETWORK',
    });
    const kept = (await filesIn(folder.path)).filter((name) =>
      name.endsWith('.part'),
    );
    expect(kept).toHaveLength(1);
    server.cutAfter(undefined);
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
      bytes: LARGE.length,
    });
    expect(server.requests).toEqual([
      'all',
      expect.stringMatching(/^bytes=[1-9]\d*-$/) as unknown,
    ]);
    expect(await readFile(join(folder.path, 'file'))).toEqual(LARGE);
    expect(await filesIn(folder.path)).toEqual(['file']);
  });

  test('starts again when the file is another one now', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = itemAt(server.url);
    server.cutAfter(600_000);
    await download(folder.path, item, { plan });
    const changed = Buffer.concat([Buffer.from('new'), LARGE]);
    server.serve(changed, '"v2"');
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
      bytes: changed.length,
    });
    // It was asked for the rest, if that was still of the same version.
    expect(server.requests[1]).toMatch(/^bytes=/);
    expect(await readFile(join(folder.path, 'file'))).toEqual(changed);
    expect(await filesIn(folder.path)).toEqual(['file']);
  });

  test('starts again when there is no such rest', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = itemAt(server.url);
    server.cutAfter(600_000);
    await download(folder.path, item, { plan });
    server.cutAfter(undefined);
    const folderOfParts = join(folder.path, '.downloads', 'partial');
    const part = (await readdir(folderOfParts)).find((name) =>
      name.endsWith('.part'),
    );
    // Longer than the file ever was.
    await writeFile(join(folderOfParts, String(part)), Buffer.alloc(2_000_000));
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
    });
    expect(server.requests.slice(1)).toEqual(['bytes=2000000-', 'all']);
    expect(await readFile(join(folder.path, 'file'))).toEqual(LARGE);
  });

  test('keeps nothing of what is wrong', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = { ...itemAt(server.url), checksum: `md5:${'0'.repeat(32)}` };
    expect(await download(folder.path, item, { plan })).toMatchObject({
      code: 'FLAGS_CONTENT',
    });
    expect(await filesIn(folder.path)).toEqual([]);
  });
});

describe('--refresh', () => {
  const plan = { refresh: true };

  test('brings only what has changed', async () => {
    await using server = await rangeServer(LARGE, '"v1"');
    await using folder = await temporaryFolder();
    const item = itemAt(server.url);
    await download(folder.path, item, { plan });
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'UNCHANGED',
      bytes: LARGE.length,
    });
    // A file that is not as long as it was is no longer the same.
    await truncate(join(folder.path, 'file'), 7);
    expect(await download(folder.path, item, { plan })).toMatchObject({
      status: 'OK',
    });
    expect(server.requests).toEqual(['all', '"v1"', 'all']);
  });

  test('asks our own server, which goes by the date too', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const flag = flagAt(server.url, 'BR', true);
    expect(await download(folder.path, flag, { plan })).toMatchObject({
      status: 'OK',
    });
    // The name is known, so that only the picture is asked for.
    expect(await download(folder.path, flag, { plan })).toMatchObject({
      status: 'UNCHANGED',
      file: 'Brazil.gif',
    });
  });

  test('an answer 304 that nobody asked for is an error', async () => {
    await using server = await serveHttp((_, response) => {
      response.writeHead(304).end();
    });
    await using folder = await temporaryFolder();
    expect(await download(folder.path, itemAt(server.url))).toMatchObject({
      status: 'ERROR',
      message: 'HTTP error 304 - Not Modified',
    });
  });
});
