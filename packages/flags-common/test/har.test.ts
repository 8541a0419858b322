import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import type { ExchangeTrace } from '../src/trace/exchange-trace.ts';
import { HarFile } from '../src/trace/har-file.ts';
import { findBrowser, launch } from '../../../tools/browser/browser.ts';
import { manyTraces, refused, trace } from './example-traces.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the tests read of a HAR file that the schema found good. */
interface Har {
  readonly log: {
    readonly creator: object;
    readonly pages: readonly unknown[];
    readonly entries: readonly {
      readonly startedDateTime: string;
      readonly time: number;
      readonly request: object;
      readonly response: object;
      readonly timings: Readonly<Record<string, number>>;
      readonly serverIPAddress?: string;
      readonly _label: string;
    }[];
  };
}

const require = createRequire(import.meta.url);
const draft6 = require('ajv/lib/refs/json-schema-draft-06.json') as object;
const schemas = require('har-schema') as Record<string, object>;

// The schema has keywords of its own, like `optional`.
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addMetaSchema(draft6);
ajv.addSchema(Object.values(schemas));

/** Writes the exchanges into a file, which must be valid, and reads it. */
async function written(traces: readonly ExchangeTrace[]) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'run.har');
  using file = new HarFile(path, { name: 'flags-test', version: '1.2.3' });
  for (const exchange of traces) file.add(exchange);
  file.close();
  const text = await readFile(path, 'utf8');
  const har: unknown = JSON.parse(text);
  ajv.validate('har.json#', har);
  expect(ajv.errors).toBeNull();
  // The schema has just said so.
  return { text, log: (har as Har).log };
}

test('a complete answer', async () => {
  const { log } = await written([
    trace({
      url: 'https://flags.example/br.gif?size=250&size=&flag=%C3%A9',
      serverAddress: 'fe80::1%eth0',
      attempt: 3,
    }),
  ]);
  expect(log).toEqual({
    version: '1.2',
    creator: { name: 'flags-test', version: '1.2.3' },
    pages: [], // Firefox does not import a file without it.
    entries: [
      {
        startedDateTime: '2026-01-02T03:04:05.000Z',
        time: 100,
        request: {
          method: 'GET',
          url: 'https://flags.example/br.gif?size=250&size=&flag=%C3%A9',
          httpVersion: 'HTTP/1.1',
          cookies: [],
          headers: [{ name: 'user-agent', value: 'test' }],
          queryString: [
            { name: 'size', value: '250' },
            { name: 'size', value: '' },
            { name: 'flag', value: 'é' },
          ],
          headersSize: -1,
          bodySize: 0,
        },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          cookies: [],
          headers: [{ name: 'Content-Type', value: 'image/gif' }],
          content: { size: 12_000, mimeType: 'image/gif' },
          redirectURL: '',
          headersSize: -1,
          bodySize: 12_000,
        },
        cache: {},
        timings: {
          blocked: 10,
          dns: 5,
          connect: 30,
          ssl: 20,
          send: 1,
          wait: 50,
          receive: 4,
        },
        serverIPAddress: 'fe80::1',
        connection: '1',
        _label: 'BR',
        _attempt: 3,
        _worker: 'thread 1',
      },
    ],
  });
});

test('an error before there was a connection', async () => {
  const { log } = await written([refused()]);
  const [entry] = log.entries;
  expect(entry).toMatchObject({
    time: 2,
    response: {
      status: 0,
      content: { size: 0, mimeType: 'x-unknown' },
      _error: 'connection refused (ECONNREFUSED)',
    },
    // -1 is not for send, wait and receive.
    timings: { dns: 2, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 },
  });
  expect(entry).not.toHaveProperty('serverIPAddress');
  expect(entry).not.toHaveProperty('connection');
});

test('a redirect, over a connection that was used again', async () => {
  const { log } = await written([
    trace({
      status: 302,
      redirectUrl: 'https://flags.example/elsewhere',
      phases: {
        blocked: 0.1,
        dns: -1,
        connect: -1,
        tls: -1,
        send: 0.2,
        wait: 1,
        receive: 0.0004,
      },
    }),
    trace({ label: 'BR, at last' }),
  ]);
  expect(log.entries).toMatchObject([
    {
      response: { redirectURL: 'https://flags.example/elsewhere' },
      time: 1.3,
      timings: { dns: -1, connect: -1, ssl: -1, receive: 0 },
    },
    { _label: 'BR, at last' },
  ]);
});

test('an address that is not one of IP is left out', async () => {
  const { log } = await written([trace({ serverAddress: '/run/socket' })]);
  expect(log.entries[0]).not.toHaveProperty('serverIPAddress');
});

test('a thousand exchanges are in the order of their starts', async () => {
  const traces = manyTraces(1000);
  const { log } = await written(traces);
  const starts = log.entries.map(({ startedDateTime }) => startedDateTime);
  expect(starts).toHaveLength(1000);
  expect(starts).toEqual([...starts].sort());
  expect(traces.map(({ startedAt }) => startedAt)).not.toEqual(
    traces.map(({ startedAt }) => startedAt).sort(),
  );
});

test('each of thousands is there once', async () => {
  const { log } = await written(manyTraces(2345));
  const labels = log.entries.map(({ _label }) => _label);
  expect(labels).toHaveLength(2345);
  expect(new Set(labels).size).toBe(2345);
});

test('no exchange at all', async () => {
  const { log } = await written([]);
  expect(log.entries).toEqual([]);
});

test('credentials stay out', async () => {
  const { text, log } = await written([
    trace({
      url: 'https://user:s3cret@flags.example/br.gif?at=user@example',
      redirectUrl: 'https://user:s3cret@other.example/',
      error: 'timed out: HTTPS://user:s3c@ret@flags.example/br.gif',
      requestHeaders: [
        ['Authorization', 'Basic s3cret'],
        ['proxy-authorization', 'Basic s3cret'],
        ['cookie', 'id=s3cret'],
        ['X-Api-Key', 's3cret'],
        ['Referer', 'https://user:s3cret@flags.example/'],
        ['accept', 'image/*'],
      ],
      responseHeaders: [
        ['Set-Cookie', 'id=s3cret'],
        ['SET-COOKIE', 'other=s3cret'],
        ['location', 'https://user:s3cret@other.example/'],
      ],
    }),
  ]);
  expect(text).not.toMatch(/s3c|user:/);
  expect(log.entries).toMatchObject([
    {
      request: {
        url: 'https://flags.example/br.gif?at=user@example',
        headers: [
          { name: 'Authorization', value: '[redacted]' },
          { name: 'proxy-authorization', value: '[redacted]' },
          { name: 'cookie', value: '[redacted]' },
          { name: 'X-Api-Key', value: '[redacted]' },
          { name: 'Referer', value: 'https://flags.example/' },
          { name: 'accept', value: 'image/*' },
        ],
      },
      response: {
        redirectURL: 'https://other.example/',
        _error: 'timed out: HTTPS://flags.example/br.gif',
        headers: [
          { name: 'Set-Cookie', value: '[redacted]' },
          { name: 'SET-COOKIE', value: '[redacted]' },
          { name: 'location', value: 'https://other.example/' },
        ],
      },
    },
  ]);
});

/** The code that developer tools read a HAR file with, in every Chromium. */
const IMPORTER = 'devtools://devtools/bundled/models/har/har.js';

const browser = findBrowser();

test.skipIf(browser === undefined)(
  'the developer tools of Chromium import it',
  async (context) => {
    const { text } = await written([
      ...manyTraces(20),
      refused({ startedAt: trace().startedAt + 5000 }),
    ]);
    await using chromium = await launch(browser ?? '');
    const page = await chromium.newPage();
    await page.goto('devtools://devtools/bundled/devtools_app.html');
    const found = await page.evaluate(
      `import('${IMPORTER}').then((module) => 'HARFormat' in module && 'Importer' in module, () => false)`,
    );
    if (found !== true) context.skip(`this Chromium has no ${IMPORTER}`);
    const imported = await page.evaluate(
      `import('${IMPORTER}').then(({ HARFormat, Importer }) => {
        const { log } = new HARFormat.HARRoot(${text});
        return Importer.Importer.requestsFromHARLog(log).map((request) => ({
          url: request.url(),
          status: request.statusCode,
          milliseconds: Math.round(request.duration * 1000),
        }));
      })`,
    );
    expect(imported).toHaveLength(21);
    expect(imported).toContainEqual({
      url: 'https://flags.example/flags/9.gif',
      status: 418,
      milliseconds: 85,
    });
    expect(imported).toContainEqual({
      url: 'https://flags.example/flags/br/br.gif',
      status: 0,
      milliseconds: 2,
    });
  },
);
