import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome } from '../src/download/outcome.ts';
import { Manifest } from '../src/record/manifest.ts';
import { temporaryFolder } from './temporary-folder.ts';

function ok(name: string, bytes = 1): Outcome {
  return {
    label: name,
    url: `http://site.test/${name}`,
    status: 'OK',
    file: `${name}.gif`,
    bytes,
    etag: `"${name}"`,
    lastModified: undefined,
    attempts: 1,
    elapsed: 1,
  };
}

/** Adds outcomes in a run of their own. */
function record(path: string, ...outcomes: Outcome[]): void {
  const manifest = new Manifest(path);
  for (const outcome of outcomes) manifest.add(outcome);
  manifest.close();
}

function find(path: string, name: string): unknown {
  const manifest = new Manifest(path);
  const known = manifest.find(`http://site.test/${name}`);
  manifest.close();
  return known;
}

test('the next run knows what this one came to', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  expect(find(path, 'a')).toBeUndefined();
  record(path, ok('a', 1), ok('b'), ok('côte"d/"'));
  record(path, ok('a', 2));
  expect(find(path, 'a')).toEqual({
    url: 'http://site.test/a',
    file: 'a.gif',
    bytes: 2,
    etag: '"a"',
  });
  expect(find(path, 'b')).toMatchObject({ bytes: 1 });
  expect(find(path, 'c')).toBeUndefined();
});

test('what failed is recorded, and no file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  const failure: Outcome = {
    label: 'a',
    url: 'http://site.test/a',
    status: 'ERROR',
    code: 'FLAGS_TIMEOUT',
    message: 'timed out',
    attempts: 4,
    elapsed: 2,
  };
  record(path, ok('a'), failure, {
    label: 'line 7',
    status: 'ERROR',
    code: 'FLAGS_INPUT_LINE',
    message: 'no URL',
    attempts: 0,
    elapsed: 0,
  });
  expect(find(path, 'a')).toBeUndefined();
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(JSON.parse(String(lines[1]))).toEqual({
    ...failure,
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
  });
});

test('a line that a killed run left half-written is lost alone', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  record(path, ok('a'));
  await appendFile(path, '{"url":"http://site.test/b","file":"b.g');
  record(path, ok('c'));
  expect(find(path, 'a')).toMatchObject({ file: 'a.gif' });
  expect(find(path, 'b')).toBeUndefined();
  expect(find(path, 'c')).toMatchObject({ file: 'c.gif' });
});

test('other lines than ours are no harm', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  await writeFile(
    path,
    'no JSON\n{"url":7}\n{"url":"http://site.test/a"\n{"url":"http://site.test/a"}\n\n',
  );
  expect(find(path, 'a')).toBeUndefined();
});

test('it does not grow with every run', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  const names = Array.from({ length: 300 }, (_, index) => `f${String(index)}`);
  const sizes: number[] = [];
  for (let run = 1; run <= 30; run += 1) {
    record(path, ...names.map((name) => ok(name, run)));
    sizes.push((await stat(path)).size);
  }
  expect(Math.max(...sizes)).toBeLessThan(10 * (sizes[0] ?? 0));
  for (const name of names) {
    expect(find(path, name)).toMatchObject({ bytes: 30 });
  }
});

test('long lists are read in pieces', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'manifest.jsonl');
  const names = Array.from({ length: 5000 }, (_, index) => `f${String(index)}`);
  record(path, ...names.map((name, index) => ok(name, index)));
  const manifest = new Manifest(path);
  for (const [index, name] of names.entries()) {
    expect(manifest.find(`http://site.test/${name}`)).toMatchObject({
      bytes: index,
    });
  }
  manifest.close();
});
