import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ListEntry } from '../src/list/item.ts';
import { countUrls, readUrlList } from '../src/list/url-list.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Reads a list of these lines. */
async function read(...lines: string[]): Promise<ListEntry[]> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'urls.txt');
  await writeFile(file, lines.join('\n'));
  const entries: ListEntry[] = [];
  const { signal } = new AbortController();
  for await (const entry of readUrlList(file, Infinity, signal)) {
    entries.push(entry);
  }
  return entries;
}

const digest = 'a'.repeat(64);

test('URL, name and checksum', async () => {
  expect(
    await read(
      '# flags',
      '',
      'https://site.test/br.gif',
      '  https://site.test/cn.gif \t China.gif ',
      `https://site.test/in.gif the flag of India.gif SHA256:${digest.toUpperCase()}\r`,
      `https://site.test/id.gif sha256:${digest}`,
      'https://site.test/jp.gif asia/./Japan.gif',
    ),
  ).toEqual(
    [
      ['br.gif', 'br.gif', undefined],
      ['cn.gif', 'China.gif', undefined],
      ['in.gif', 'the flag of India.gif', `sha256:${digest}`],
      ['id.gif', 'id.gif', `sha256:${digest}`],
      ['jp.gif', 'asia/Japan.gif', undefined],
    ].map(([last, fileName, checksum]) => ({
      label: fileName,
      url: `https://site.test/${String(last)}`,
      fileName,
      checksum,
    })),
  );
});

test('a user name and a password are kept apart from the URL', async () => {
  expect(await read('https://me:s%40x@site.test/a')).toMatchObject([
    { url: 'https://site.test/a', credentials: 'me:s@x' },
  ]);
});

test('a name that another URL has gets a suffix, always the same', async () => {
  const lines = [
    'https://site.test/a/flag.gif',
    'https://site.test/b/flag.gif',
    'https://site.test/c/FLAG.gif',
  ];
  const names = (await read(...lines)).map(({ label }) => label);
  expect(names[0]).toBe('flag.gif');
  expect(names[1]).toMatch(/^flag-\w+\.gif$/);
  expect(names[2]).toMatch(/^FLAG-\w+\.gif$/);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(3);
  expect((await read(...lines)).map(({ label }) => label)).toEqual(names);
});

test('a URL that is there twice is one entry, unless it has two names', async () => {
  const entries = await read(
    'https://site.test/a.gif',
    'https://site.test/a.gif',
    'https://site.test/a.gif#top',
    'https://site.test/a.gif b.gif',
    'https://other.test/a.gif',
    'https://other.test/a.gif',
  );
  expect(entries.map(({ label }) => label)).toEqual([
    'a.gif',
    'b.gif',
    expect.stringMatching(/^a-\w+\.gif$/) as unknown,
  ]);
});

test('a checksum that comes too late is told of', async () => {
  expect(
    await read(
      'https://site.test/a.gif',
      `https://site.test/a.gif md5:${'0'.repeat(32)}`,
    ),
  ).toMatchObject([
    { label: 'a.gif' },
    {
      label: 'line 2',
      problem: `expected the checksum where this URL is listed first, got "md5:${'0'.repeat(32)}"`,
    },
  ]);
});

describe('a line that makes no sense says why', () => {
  test.for([
    [
      'site.test/a.gif',
      'expected a URL such as https://example.com/file, got "site.test/a.gif"',
    ],
    [
      'ftp://site.test/a.gif',
      'expected an http: or https: URL, got "ftp://site.test/a.gif"',
    ],
    [
      'ftp://me:secret@site.test/a.gif',
      'expected an http: or https: URL, got "ftp://site.test/a.gif"',
    ],
    [
      'https://site.test/a.gif md5:xyz',
      'expected a checksum such as sha256: and 64 hexadecimal digits, got "md5:xyz"',
    ],
    [
      'https://site.test/a.gif ../a.gif',
      'expected a file name inside the folder, got "../a.gif"',
    ],
    [
      'https://site.test/a.gif /etc/passwd',
      'expected a file name inside the folder, got "/etc/passwd"',
    ],
  ] as const)('%s', async ([line, problem]) => {
    expect(await read('# one', line, 'https://site.test/next')).toMatchObject([
      { label: 'line 2', problem },
      { label: 'next' },
    ]);
  });
});

test('a list that is not there', async () => {
  const missing = '/nowhere/urls.txt';
  const expected = expect.objectContaining({
    code: 'FLAGS_INPUT',
    message: `cannot read ${missing}: no such file or directory (ENOENT)`,
  }) as Error;
  await expect(
    readUrlList(missing, 1, new AbortController().signal).next(),
  ).rejects.toThrow(expected);
  await expect(countUrls(missing)).rejects.toThrow(expected);
});

test.for([
  ['', 0],
  ['a', 1],
  ['a\n', 1],
  ['a\nb', 2],
  ['a\r\nb\r\n', 2],
] as const)('%j has so many lines', async ([text, lines]) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'urls.txt');
  await writeFile(file, text);
  expect(await countUrls(file)).toBe(lines);
});

test('lines are not counted where that would take them', async () => {
  expect(await countUrls('-')).toBeUndefined();
  expect(await countUrls('/dev/stdin')).toBeUndefined();
});
